import { Button } from '@mantine/core';
import { IconClock, IconLock, IconPaperclip, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { clockTime } from '@parley/kit/format';
import type { OutboxEntry } from '@parley/kit/outbox';
import { useLocale } from '../../app/i18n';
import { problemText } from '../../app/problem';
import { useMe } from '../../session/session';
import { outbox } from '../outbox';
import { CopyWords } from './DeliveryProblem';
import { Quote } from './Quote';
import { RichText } from './body/RichText';
import classes from './MessageList.module.css';

const wordsOf = (entry: OutboxEntry) =>
  entry.kind === 'note' ? entry.body.text : (entry.body.interactive?.body ?? entry.body.text ?? '');

/** Something written here that the server has not confirmed yet: on its way, waiting, or refused. */
export function OutboxItem({ entry }: { entry: OutboxEntry }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const me = useMe();
  const words = wordsOf(entry);
  const hasFailed = entry.state === 'failed';
  const status = t(entry.state === 'waiting' && entry.error ? 'outbox.waiting' : 'outbox.sending');
  const footer = (
    <footer className={classes.footer}>
      <time dateTime={entry.createdAt}>{clockTime(entry.createdAt, locale)}</time>
      {!hasFailed && (
        <span className={classes.ticks} role="img" aria-label={status} title={status} data-testid="delivery">
          <IconClock size={14} stroke={2} aria-hidden />
        </span>
      )}
    </footer>
  );
  if (entry.kind === 'note') {
    return (
      <article className={classes.note} data-unsent data-testid="note">
        <header className={classes.noteHead}>
          <IconLock size={14} stroke={1.9} aria-hidden />
          <bdi>{me.member.display_name}</bdi>
          <span>{t('thread.noteOnlyTeam')}</span>
        </header>
        <RichText text={words} hasMarks={false} hasMentions />
        {hasFailed ? <Refusal entry={entry} words={words} /> : footer}
      </article>
    );
  }
  return (
    <article className={classes.message} data-side="out" data-first data-last data-failed={hasFailed || undefined} data-testid="message" data-unsent>
      <div className={classes.author}>{me.member.display_name}</div>
      <div className={classes.lane}>
        <div className={classes.bubble}>
          {entry.replyTo && <Quote quote={entry.replyTo} />}
          {entry.files.map((file) =>
            file.previewUrl ? (
              <img key={file.id} className={classes.localImage} src={file.previewUrl} alt={file.name} />
            ) : (
              <span key={file.id} className={classes.localFile}>
                <IconPaperclip size={15} stroke={1.8} aria-hidden />
                <bdi>{file.name}</bdi>
              </span>
            ),
          )}
          {words && <RichText text={words} hasMarks />}
          {footer}
        </div>
      </div>
      {hasFailed && <Refusal entry={entry} words={words} />}
    </article>
  );
}

function Refusal({ entry, words }: { entry: OutboxEntry; words: string }) {
  const { t } = useTranslation();
  return (
    <div className={classes.problem} role="alert" data-testid="delivery-problem">
      <p>
        <strong>{t('outbox.refused')}</strong> <span>{problemText(entry.error)}</span>
      </p>
      <div className={classes.problemTools}>
        <Button
          size="compact-sm"
          variant="light"
          color="red"
          leftSection={<IconRefresh size={15} stroke={1.8} aria-hidden />}
          onClick={() => outbox.retry(entry.clientId)}
        >
          {t('delivery.retry')}
        </Button>
        {words && <CopyWords text={words} />}
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          leftSection={<IconTrash size={15} stroke={1.8} aria-hidden />}
          onClick={() => outbox.discard(entry.clientId)}
        >
          {t('outbox.discard')}
        </Button>
      </div>
    </div>
  );
}
