import { useTranslation } from 'react-i18next';
import type { Message } from '@parley/kit/api';
import { useKindName } from '../list/preview';
import { nameOf } from '../../app/words';
import classes from './MessageList.module.css';

const FLASH_MS = 1600;

/** Brings a message into view and lets it light up for a moment. */
function jumpTo(id: string): void {
  const item = document.getElementById(`item-${id}`);
  if (!item) return;
  item.scrollIntoView({ block: 'center', behavior: 'smooth' });
  item.dataset.flash = 'true';
  setTimeout(() => delete item.dataset.flash, FLASH_MS);
}

/** The message that was answered; pressing it goes there. */
export function Quote({ quote }: { quote: NonNullable<Message['reply_to']> }) {
  const { t } = useTranslation();
  const kindName = useKindName();
  return (
    <button type="button" className={classes.quote} onClick={() => jumpTo(quote.id)}>
      <span className="p-hidden">{t('thread.goToQuoted', { name: nameOf({ name: quote.author_name }) })}: </span>
      <span className={classes.quoteName} dir="auto" aria-hidden>
        {nameOf({ name: quote.author_name })}
      </span>
      <span className={classes.quoteText} dir="auto">
        {quote.preview ?? kindName(quote.kind)}
      </span>
    </button>
  );
}
