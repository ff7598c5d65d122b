import { IconAlertTriangle, IconClockHour4, IconFlag3, IconHourglassHigh, IconLock } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { lazy, memo, Suspense, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '@parley/kit/api';
import { cappedCount, initials, longSpan, shortSpan } from '@parley/kit/format';
import { ChannelGlyph } from '../../app/ChannelGlyph';
import { useLocale } from '../../app/i18n';
import { useNow } from '../../app/now';
import { PersonAvatar } from '../../app/PersonAvatar';
import { useMe } from '../../session/session';
import type { InboxSearch } from '../search';
import { usePreview } from './preview';
import { nameOf } from '../../app/words';
import classes from './ConversationRow.module.css';

const RowActions = lazy(() => import('./RowActions').then((room) => ({ default: room.RowActions })));

const SOON_MS = 2 * 3_600_000;
const QUIET_MS = 12 * 3_600_000;

type Props = {
  conversation: Conversation;
  search: InboxSearch;
  isSelected: boolean;
  isTabStop: boolean;
  density: 'comfortable' | 'compact';
  onFocus: () => void;
  onIntent: () => void;
  onStep: (by: number) => void;
};

export const ConversationRow = memo(function ConversationRow(props: Props) {
  const { conversation: row, search, isSelected, isTabStop, density, onFocus, onIntent, onStep } = props;
  const { t } = useTranslation();
  const preview = usePreview(row);
  const isUnread = row.unread_count > 0;
  const now = useNow();
  const isPlain = density === 'comfortable' && !hasMeta(row, now);
  // A menu for each of many rows would cost time: it is made once somebody points here.
  const [isPointed, setIsPointed] = useState(false);
  const arrow = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    onStep(event.key === 'ArrowDown' ? 1 : -1);
  };
  return (
    <div
      className={classes.row}
      data-selected={isSelected || undefined}
      data-unread={isUnread || undefined}
      data-plain={isPlain || undefined}
      data-testid="conversation-row"
      onPointerEnter={(event) => event.pointerType === 'mouse' && setIsPointed(true)}
    >
      <Link
        id={`row-${row.id}`}
        to="/inbox/$conversationId"
        params={{ conversationId: row.id }}
        search={search}
        className={classes.link}
        tabIndex={isTabStop ? 0 : -1}
        {...(isSelected ? { 'aria-current': 'true' as const } : {})}
        onFocus={onFocus}
        onPointerEnter={onIntent}
        onKeyDown={arrow}
        preload={false}
      >
        <span className={classes.face}>
          <PersonAvatar name={nameOf(row.contact)} id={row.contact.id} size={density === 'compact' ? 34 : 40} />
          <ChannelGlyph channel={row.channel} className={classes.glyph} />
        </span>
        <span className={classes.text}>
          <span className={classes.line}>
            <span className={`p-truncate ${classes.name}`} dir="auto">
              {nameOf(row.contact)}
            </span>
            <RowTime row={row} />
          </span>
          <span className={classes.line}>
            <span className={classes.said}>
              {preview.prefix && <span className={`p-truncate ${classes.prefix}`}>{preview.prefix} </span>}
              <span className={`p-truncate ${classes.preview}`} dir="auto">
                {preview.text}
              </span>
            </span>
            {isUnread && (
              <span className={classes.unread}>
                <span className="p-hidden">{t('frame.unread', { count: row.unread_count })}</span>
                <span aria-hidden>{cappedCount(row.unread_count)}</span>
              </span>
            )}
          </span>
          {density === 'comfortable' && !isPlain && <RowMeta row={row} />}
        </span>
      </Link>
      <Suspense fallback={null}>{isPointed && <RowActions row={row} />}</Suspense>
    </div>
  );
});

/** How long the customer has been waiting; else when something last happened. */
function RowTime({ row }: { row: Conversation }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  const since = row.waiting_since ?? row.last_message_at;
  const ms = now - Date.parse(since);
  const span = shortSpan(ms, locale);
  const words = span.isNow ? t('common.justNow') : longSpan(ms, locale);
  const label = row.waiting_since ? t('inbox.waitingFor', { span: words }) : t('inbox.lastMessageAgo', { span: words });
  return (
    <span className={classes.time} data-waiting={row.waiting_since !== null || undefined} title={label}>
      {row.waiting_since && <IconClockHour4 size={13} stroke={1.9} aria-hidden />}
      <span aria-hidden>{span.isNow ? t('common.now') : span.value}</span>
      <span className="p-hidden">{label}</span>
    </span>
  );
}

/** False when the third line would be empty. */
function hasMeta(row: Conversation, now: number): boolean {
  const { closes_at: closesAt, is_open: isOpen } = row.window;
  const isWindowShown = row.status !== 'closed' && (!isOpen || (closesAt !== null && Date.parse(closesAt) - now <= QUIET_MS));
  return (
    isWindowShown ||
    row.last_message?.delivery_state === 'failed' ||
    row.priority === 'high' ||
    row.priority === 'urgent' ||
    row.tags.length > 0 ||
    row.status !== 'open' ||
    row.assignee !== null
  );
}

function RowMeta({ row }: { row: Conversation }) {
  const { t } = useTranslation();
  const me = useMe();
  const hasFailed = row.last_message?.delivery_state === 'failed';
  const isPressing = row.priority === 'high' || row.priority === 'urgent';
  // Beside two warnings there is no room for a name.
  const shownTags = row.tags.slice(0, hasFailed && isPressing ? 0 : 1);
  const hiddenTags = row.tags.length - shownTags.length;
  return (
    <span className={classes.meta}>
      <span className={classes.labels}>
        {hasFailed && (
          <span className={classes.failed}>
            <IconAlertTriangle size={13} stroke={2} aria-hidden />
            {t('delivery.failed')}
          </span>
        )}
        {isPressing && (
          <span className={classes.priority} data-level={row.priority}>
            <IconFlag3 size={13} stroke={2} aria-hidden />
            {t(`priority.${row.priority}`)}
          </span>
        )}
        <WindowLeft row={row} />
        {shownTags.map((tag) => (
          <bdi key={tag.id} className={`p-truncate ${classes.tag}`}>
            {tag.name}
          </bdi>
        ))}
        {hiddenTags > 0 && <span className={classes.tag}>+{hiddenTags}</span>}
      </span>
      {row.status !== 'open' && <span className={classes.status}>{t(`status.${row.status}`)}</span>}
      {row.assignee && (
        <span className={classes.assignee} data-me={row.assignee.id === me.member.id || undefined} title={row.assignee.name}>
          <span aria-hidden>{initials(row.assignee.name)}</span>
          <span className="p-hidden">{t('inbox.assignedTo', { name: row.assignee.name })}</span>
        </span>
      )}
    </span>
  );
}

/** How long the channel lets us write freely. Silent while there is plenty of time. */
function WindowLeft({ row }: { row: Conversation }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  const { closes_at: closesAt, is_open: isOpen } = row.window;
  if (row.status === 'closed') return null;
  const left = closesAt ? Date.parse(closesAt) - now : null;
  if (!isOpen || (left !== null && left <= 0)) {
    return (
      <span className={classes.window} title={t('window.closedShort')}>
        <IconLock size={13} stroke={1.9} aria-hidden />
        <span className="p-hidden">{t('window.closedShort')}</span>
      </span>
    );
  }
  if (left === null || left > QUIET_MS) return null;
  const span = shortSpan(left, locale);
  const words = t('window.closesIn', { span: span.isNow ? t('common.moment') : longSpan(left, locale) });
  return (
    <span className={classes.window} data-soon={left < SOON_MS || undefined} title={words}>
      <IconHourglassHigh size={13} stroke={1.9} aria-hidden />
      <span aria-hidden>{span.isNow ? t('common.now') : span.value}</span>
      <span className="p-hidden">{words}</span>
    </span>
  );
}
