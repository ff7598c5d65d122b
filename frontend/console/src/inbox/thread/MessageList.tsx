import { ActionIcon, Loader, Skeleton } from '@mantine/core';
import { IconArrowDown, IconMessageCircle } from '@tabler/icons-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '@parley/kit/api';
import { dayLabel } from '@parley/kit/format';
import { unsent } from '@parley/kit/outbox';
import { flatten } from '@parley/kit/realtime';
import { useLocale } from '../../app/i18n';
import { PaneProblem, PaneState } from '../../app/PaneState';
import { outbox } from '../outbox';
import { useTimeline } from '../queries';
import { Activities } from './Activities';
import { MessageItem } from './MessageItem';
import { NoteItem } from './NoteItem';
import { OutboxItem } from './OutboxItem';
import { buildRows, findFirstNew, type ThreadRow } from './rows';
import classes from './MessageList.module.css';

const NEAR_TOP = 600;
const NEAR_BOTTOM = 80;

type Props = { conversation: Conversation; unreadAtOpening: number };

export function MessageList({ conversation, unreadAtOpening }: Props) {
  const { t } = useTranslation();
  const timeline = useTimeline(conversation.id);
  const entries = useSyncExternalStore(outbox.subscribe, outbox.snapshot);
  const items = useMemo(() => flatten(timeline.data).toReversed(), [timeline.data]);
  const [firstNewId, setFirstNewId] = useState<string | null>(null);
  const [isMarked, setIsMarked] = useState(false);
  if (!isMarked && items.length > 0) {
    setIsMarked(true);
    setFirstNewId(findFirstNew(items, unreadAtOpening));
  }
  const rows = useMemo(
    () => buildRows(items, unsent(items, entries, conversation.id), firstNewId),
    [items, entries, conversation.id, firstNewId],
  );
  const { scroller, isFarUp, unseen, toBottom, onScroll } = useScrolling(rows);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = timeline;
  const loadOlder = () => {
    const box = scroller.current;
    // The box grows upwards: its scroll position is zero at the bottom and negative above.
    if (!box || !hasNextPage || isFetchingNextPage) return;
    if (box.scrollHeight + box.scrollTop - box.clientHeight < NEAR_TOP) void fetchNextPage();
  };
  useEffect(loadOlder);

  if (timeline.isPending) return <ListSkeleton />;
  if (timeline.isError && !timeline.data) {
    return (
      <div className={classes.frame}>
        <PaneProblem error={timeline.error} onRetry={timeline.refetch} />
      </div>
    );
  }
  return (
    <div className={classes.frame}>
      <div
        ref={scroller}
        className={classes.scroller}
        onScroll={() => {
          onScroll();
          loadOlder();
        }}
        // A region that scrolls must be reachable by keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="log"
        aria-label={t('thread.messages')}
        aria-live="off"
        data-testid="timeline"
      >
        <div className={classes.content}>
          {isFetchingNextPage && (
            <div className={classes.older}>
              <Loader size="xs" aria-label={t('common.loading')} />
            </div>
          )}
          {!hasNextPage && items.length > 0 && <p className={classes.beginning}>{t('thread.beginning')}</p>}
          {rows.length === 0 && (
            <PaneState icon={IconMessageCircle} title={t('thread.emptyTitle')} text={t('thread.emptyText')} />
          )}
          {rows.map((row) => (
            <Row key={row.key} row={row} />
          ))}
        </div>
      </div>
      {isFarUp && (
        <ActionIcon
          className={classes.bottom ?? ''}
          variant="default"
          radius="xl"
          size={38}
          onClick={toBottom}
          aria-label={unseen > 0 ? t('thread.toBottomNew', { count: unseen }) : t('thread.toBottom')}
        >
          <IconArrowDown size={18} stroke={1.8} />
          {unseen > 0 && <span className={classes.unseen}>{unseen}</span>}
        </ActionIcon>
      )}
    </div>
  );
}

function Row({ row }: { row: ThreadRow }) {
  const { t } = useTranslation();
  const locale = useLocale();
  switch (row.kind) {
    case 'day':
      return (
        <h3 className={classes.day}>
          <span>{dayLabel(row.at, new Date(), locale)}</span>
        </h3>
      );
    case 'new':
      return (
        <div className={classes.new} role="separator" aria-label={t('thread.new')}>
          <span>{t('thread.new')}</span>
        </div>
      );
    case 'message':
      return <MessageItem message={row.message} isFirst={row.isFirst} isLast={row.isLast} />;
    case 'note':
      return <NoteItem note={row.note} />;
    case 'activities':
      return <Activities activities={row.activities} />;
    case 'entry':
      return <OutboxItem entry={row.entry} />;
  }
}

/** Stays at the bottom when it was there, and stays put when somebody reads further up. */
function useScrolling(rows: ThreadRow[]) {
  const scroller = useRef<HTMLDivElement>(null);
  const height = useRef(0);
  const [isFarUp, setIsFarUp] = useState(false);
  const [seenKey, setSeenKey] = useState<string | null>(null);
  const last = rows.at(-1);
  const lastKey = last?.key ?? null;
  const lastIsMine = last?.kind === 'entry';
  const previousLast = useRef(lastKey);
  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const grown = box.scrollHeight - height.current;
    const isAppended = previousLast.current !== lastKey;
    if (isAppended && lastIsMine) box.scrollTop = 0;
    else if (isAppended && height.current > 0 && box.scrollTop < -NEAR_BOTTOM) box.scrollTop -= grown;
    height.current = box.scrollHeight;
    previousLast.current = lastKey;
  }, [rows, lastKey, lastIsMine]);
  const onScroll = () => {
    const isUp = (scroller.current?.scrollTop ?? 0) < -NEAR_BOTTOM;
    setIsFarUp(isUp);
    if (isUp) setSeenKey((before) => before ?? lastKey);
    else setSeenKey(null);
  };
  const seenAt = seenKey === null ? rows.length - 1 : rows.findIndex((row) => row.key === seenKey);
  const unseen = rows.slice(seenAt + 1).filter((row) => row.kind === 'message' || row.kind === 'note').length;
  const toBottom = () => scroller.current?.scrollTo({ top: 0, behavior: 'smooth' });
  return { scroller, isFarUp, unseen, toBottom, onScroll };
}

function ListSkeleton() {
  const { t } = useTranslation();
  return (
    <div className={classes.frame} role="status" aria-label={t('common.loading')}>
      <div className={classes.skeleton}>
        <Skeleton h={44} w="44%" radius={16} />
        <Skeleton h={66} w="52%" radius={16} />
        <Skeleton h={44} w="38%" radius={16} ms="auto" />
        <Skeleton h={44} w="30%" radius={16} />
      </div>
    </div>
  );
}
