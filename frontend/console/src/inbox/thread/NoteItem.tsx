import { IconLock } from '@tabler/icons-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Note } from '@parley/kit/api';
import { clockTime, fullTime } from '@parley/kit/format';
import { useLocale } from '../../app/i18n';
import { RichText } from './body/RichText';
import { nameOf } from '../../app/words';
import classes from './MessageList.module.css';

/** Words that only members see: over the whole width, amber, with a lock, so that nobody takes them for a reply. */
export const NoteItem = memo(function NoteItem({ note }: { note: Note }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <article
      id={`item-${note.id}`}
      className={classes.note}
      data-testid="note"
      aria-label={t('thread.noteBy', { name: nameOf(note.author), time: fullTime(note.created_at, locale) })}
    >
      <header className={classes.noteHead}>
        <IconLock size={14} stroke={1.9} aria-hidden />
        <bdi>{nameOf(note.author)}</bdi>
        <span>{t('thread.noteOnlyTeam')}</span>
        <time dateTime={note.created_at}>{clockTime(note.created_at, locale)}</time>
      </header>
      {note.is_readable && note.text !== null ? (
        <RichText text={note.text} hasMarks={false} hasMentions />
      ) : (
        <span className={classes.erased}>{t('thread.erased')}</span>
      )}
    </article>
  );
});
