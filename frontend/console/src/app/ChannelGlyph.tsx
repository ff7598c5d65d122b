import { IconBrandWhatsapp, IconMessage, type Icon } from '@tabler/icons-react';
import classes from './ChannelGlyph.module.css';

const signs: Record<string, Icon> = { whatsapp: IconBrandWhatsapp };

/** A small sign of the channel. Decoration: the channel's name stands elsewhere. */
export function ChannelGlyph({ channel, className }: { channel: string; className?: string | undefined }) {
  const Sign = signs[channel] ?? IconMessage;
  return (
    <span className={`${classes.glyph} ${className ?? ''}`} aria-hidden>
      <Sign size={13} stroke={1.9} />
    </span>
  );
}
