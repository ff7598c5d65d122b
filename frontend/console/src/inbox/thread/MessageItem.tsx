import { IconAd2, IconCornerUpRight, IconPencil, IconTrash } from '@tabler/icons-react';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '@parley/kit/api';
import { clockTime, fullTime } from '@parley/kit/format';
import { useLocale } from '../../app/i18n';
import { DeliveryProblem } from './DeliveryProblem';
import { MessageActions } from './MessageActions';
import { MessageBody } from './body/MessageBody';
import { Quote } from './Quote';
import { Reactions } from './Reactions';
import { ReferralCard } from './body/Cards';
import { Ticks } from './Ticks';
import { nameOf } from '../../app/words';
import classes from './MessageList.module.css';

type Props = { message: Message; isFirst: boolean; isLast: boolean };

/** One message as a bubble: the customer's on the left, the team's on the right. */
export const MessageItem = memo(function MessageItem({ message, isFirst, isLast }: Props) {
  const { t } = useTranslation();
  const locale = useLocale();
  const isOut = message.direction === 'out';
  const hasFailed = message.delivery?.state === 'failed';
  if (message.kind === 'system') return <SystemLine message={message} />;
  const isBare = message.kind === 'sticker' && !message.reply_to && !message.revoked_at && message.is_readable;
  return (
    <article
      id={`item-${message.id}`}
      className={classes.message}
      data-side={isOut ? 'out' : 'in'}
      data-first={isFirst || undefined}
      data-last={isLast || undefined}
      data-failed={hasFailed || undefined}
      data-revoked={message.revoked_at !== null || undefined}
      data-bare={isBare || undefined}
      data-testid="message"
      data-message-id={message.id}
      aria-label={t(isOut ? 'thread.messageFromTeam' : 'thread.messageFromContact', {
        name: nameOf(message.author),
        time: fullTime(message.sent_at, locale),
      })}
    >
      {isFirst && isOut && (
        <div className={classes.author} dir="auto">
          {nameOf(message.author)}
          {message.author.type === 'bot' && <span className={classes.bot}>{t('thread.bot')}</span>}
        </div>
      )}
      <div className={classes.lane}>
        <div className={classes.bubble}>
          {message.is_forwarded && (
            <span className={classes.flag}>
              <IconCornerUpRight size={13} stroke={1.8} aria-hidden className={classes.flip} />
              {t('thread.forwarded')}
            </span>
          )}
          {message.referral && <ReferralCard referral={message.referral} icon={IconAd2} />}
          {message.reply_to && <Quote quote={message.reply_to} />}
          {message.revoked_at && (
            <span className={classes.flag}>
              <IconTrash size={13} stroke={1.8} aria-hidden />
              {t('thread.revoked', { time: fullTime(message.revoked_at, locale) })}
            </span>
          )}
          <MessageBody message={message} />
          <Footer message={message} />
        </div>
        <MessageActions message={message} />
      </div>
      {message.reactions.length > 0 && <Reactions message={message} />}
      {hasFailed && <DeliveryProblem message={message} />}
    </article>
  );
});

function Footer({ message }: { message: Message }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [showsBefore, setShowsBefore] = useState(false);
  return (
    <>
      {showsBefore && message.text_before && (
        <blockquote className={classes.before} dir="auto">
          {message.text_before}
        </blockquote>
      )}
      <footer className={classes.footer}>
        {message.edited_at &&
          (message.text_before ? (
            <button type="button" className={classes.edited} aria-expanded={showsBefore} onClick={() => setShowsBefore(!showsBefore)}>
              <IconPencil size={12} stroke={1.8} aria-hidden />
              {showsBefore ? t('thread.hideBefore') : t('thread.showBefore')}
            </button>
          ) : (
            <span className={classes.edited} title={fullTime(message.edited_at, locale)}>
              <IconPencil size={12} stroke={1.8} aria-hidden />
              {t('thread.edited')}
            </span>
          ))}
        <time dateTime={message.sent_at} title={fullTime(message.sent_at, locale)}>
          {clockTime(message.sent_at, locale)}
        </time>
        {message.delivery && <Ticks delivery={message.delivery} />}
      </footer>
    </>
  );
}

/** What the channel itself says, as "changed their number", is no bubble of anybody's. */
function SystemLine({ message }: { message: Message }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const content = message.content as { code?: string; text?: string | null } | null;
  return (
    <p className={classes.activity} id={`item-${message.id}`} data-testid="message">
      <span dir="auto">{content?.text ?? message.text ?? t('kinds.system')}</span>
      <time dateTime={message.sent_at}> · {clockTime(message.sent_at, locale)}</time>
    </p>
  );
}
