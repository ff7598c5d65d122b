import { ActionIcon, Loader } from '@mantine/core';
import { IconDownload, IconFile, IconFileTypePdf, IconFileZip, IconPhotoOff, IconPhoto, type Icon } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Attachment, Message } from '@parley/kit/api';
import { fileSize } from '@parley/kit/format';
import { useLocale } from '../../../app/i18n';
import { keys } from '../../../app/keys';
import { AudioPlayer } from './AudioPlayer';
import classes from './Body.module.css';

const Lightbox = lazy(() => import('./Lightbox').then((room) => ({ default: room.Lightbox })));

const isPicture = (attachment: Attachment) => attachment.kind === 'image' && attachment.state === 'stored' && attachment.url;

/** The addresses of files are short-lived: when one has run out, the timeline brings a fresh one. */
function useFreshAddress(message: Message): () => void {
  const client = useQueryClient();
  const asked = useRef(false);
  return () => {
    if (asked.current) return;
    asked.current = true;
    void client.invalidateQueries({ queryKey: keys.timeline(message.conversation_id) });
  };
}

export function Attachments({ message }: { message: Message }) {
  const { t } = useTranslation();
  const [openAt, setOpenAt] = useState<number | null>(null);
  const refresh = useFreshAddress(message);
  const pictures = message.attachments.filter(isPicture);
  const others = message.attachments.filter((attachment) => !isPicture(attachment));
  return (
    <div className={classes.attachments}>
      {pictures.length > 0 && (
        <div className={classes.pictures} data-many={pictures.length > 1 || undefined}>
          {pictures.map((picture, index) => (
            <button
              key={picture.id}
              type="button"
              className={classes.picture}
              aria-label={t('files.openImage', { name: picture.name ?? t('kinds.image') })}
              onClick={() => setOpenAt(index)}
            >
              <img src={picture.url ?? ''} alt="" loading="lazy" onError={refresh} />
            </button>
          ))}
        </div>
      )}
      {others.map((attachment) => (
        <Other key={attachment.id} attachment={attachment} onGone={refresh} />
      ))}
      {openAt !== null && (
        <Suspense fallback={null}>
          <Lightbox pictures={pictures} startAt={openAt} onClose={() => setOpenAt(null)} />
        </Suspense>
      )}
    </div>
  );
}

function Other({ attachment, onGone }: { attachment: Attachment; onGone: () => void }) {
  const { t } = useTranslation();
  if (attachment.state !== 'stored' || !attachment.url) return <NotThere attachment={attachment} />;
  switch (attachment.kind) {
    case 'sticker':
      return <img className={classes.sticker} src={attachment.url} alt={t('kinds.sticker')} onError={onGone} />;
    case 'video':
      return (
        // What customers send has no caption track.
        // eslint-disable-next-line jsx-a11y/media-has-caption
        <video className={classes.video} src={attachment.url} controls preload="metadata" onError={onGone} aria-label={attachment.name ?? t('kinds.video')} />
      );
    case 'audio':
    case 'voice':
      return <AudioPlayer url={attachment.url} isVoice={attachment.is_voice || attachment.kind === 'voice'} onGone={onGone} />;
    default:
      return <FileCard attachment={attachment} url={attachment.url} />;
  }
}

const fileSign = (type: string): Icon =>
  type === 'application/pdf' ? IconFileTypePdf : /zip|compressed|tar/.test(type) ? IconFileZip : IconFile;

function FileCard({ attachment, url }: { attachment: Attachment; url: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const Sign = fileSign(attachment.media_type ?? '');
  const name = attachment.name ?? t('kinds.document');
  return (
    <div className={classes.file}>
      <Sign size={28} stroke={1.4} aria-hidden />
      <div className={classes.fileText}>
        <bdi className="p-truncate">{name}</bdi>
        <span className={classes.cardSmall}>
          {attachment.size !== null && fileSize(attachment.size, locale)} · {attachment.media_type?.split('/').at(-1)?.toUpperCase()}
        </span>
      </div>
      <ActionIcon
        aria-label={t('files.download', { name })}
        component="a"
        href={url}
        download={attachment.name ?? true}
      >
        <IconDownload size={18} stroke={1.7} />
      </ActionIcon>
    </div>
  );
}

/** Still being fetched, or not to be had: said plainly, with the reason. */
function NotThere({ attachment }: { attachment: Attachment }) {
  const { t } = useTranslation();
  const isPending = attachment.state === 'pending';
  const Sign = attachment.kind === 'image' ? IconPhoto : IconFile;
  return (
    <div className={classes.file} data-state={attachment.state} data-testid="attachment-state">
      {isPending ? <Loader size={22} aria-hidden /> : attachment.state === 'stored' ? <Sign size={26} stroke={1.4} aria-hidden /> : <IconPhotoOff size={26} stroke={1.4} aria-hidden />}
      <div className={classes.fileText}>
        <bdi className="p-truncate">{attachment.name ?? t(`kinds.${attachment.kind}`)}</bdi>
        <span className={classes.cardSmall}>
          {attachment.reason ?? t(`files.state.${attachment.state}`)}
        </span>
      </div>
    </div>
  );
}
