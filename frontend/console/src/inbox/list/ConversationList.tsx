import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { IconArrowUp } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { flatten } from '@parley/kit/realtime';
import { useCommand } from '../../app/commands';
import { PaneProblem } from '../../app/PaneState';
import { usePreferences } from '../../app/preferences';
import { timelineQuery, useList } from '../queries';
import { filterOf } from '../search';
import { arrange } from './arrange';
import { ConversationRow } from './ConversationRow';
import { ListEmpty } from './ListEmpty';
import { ListHeader } from './ListHeader';
import { ListSkeleton } from './ListSkeleton';
import { setListOrder } from './order';
import classes from './ConversationList.module.css';

const NEAR_END = 10;
const heights = { comfortable: 86, compact: 62 };

type Props = { selectedId: string | undefined; onOpenNavigator?: () => void };

export function ConversationList({ selectedId, onOpenNavigator }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const search = useSearch({ from: '/door/inbox' });
  const { density } = usePreferences();
  const height = heights[density];
  const filter = useMemo(() => filterOf(search), [search]);
  const list = useList(filter);
  const fresh = useMemo(() => flatten(list.data), [list.data]);
  const [frozen, setFrozen] = useState<readonly string[] | null>(null);
  const [focusedId, setFocusedId] = useState<string | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const { rows, held } = useMemo(() => arrange(fresh, frozen), [fresh, frozen]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 8,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const visible = virtual.getVirtualItems();
  const lastVisible = visible.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;

  useEffect(() => setListOrder(rows), [rows]);
  useEffect(() => virtual.measure(), [height, virtual]);
  useEffect(() => {
    setFrozen(null);
    scroller.current?.scrollTo({ top: 0 });
  }, [filter]);
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && lastVisible >= rows.length - NEAR_END) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, lastVisible, rows.length]);

  const freeze = () => setFrozen((before) => before ?? rows.map((row) => row.id));
  const isAtTop = () => (scroller.current?.scrollTop ?? 0) < 4;
  const release = () => {
    setFrozen(null);
    scroller.current?.scrollTo({ top: 0 });
  };
  const open = (id: string) => void navigate({ to: '/inbox/$conversationId', params: { conversationId: id }, search });
  const current = focusedId ?? selectedId;
  const place = useRef(0);
  useEffect(() => {
    const at = rows.findIndex((row) => row.id === current);
    if (at !== -1) place.current = at;
  }, [rows, current]);
  const step = (by: number) => {
    const at = rows.findIndex((row) => row.id === current);
    // A row that has gone, because it was closed, leaves its place to the one after it.
    const next = rows[Math.min(rows.length - 1, Math.max(0, at === -1 ? place.current : at + by))];
    if (!next) return;
    virtual.scrollToIndex(rows.indexOf(next));
    setFocusedId(next.id);
    requestAnimationFrame(() => document.getElementById(`row-${next.id}`)?.focus());
  };
  useCommand('list.next', () => step(1));
  useCommand('list.previous', () => step(-1));
  useCommand('list.open', () => current && open(current));

  const tabStop = rows.some((row) => row.id === current) ? current : rows[0]?.id;
  return (
    <section className={`p-panel ${classes.list}`} aria-label={t('inbox.list')}>
      <ListHeader onOpenNavigator={onOpenNavigator} />
      {list.isPending && <ListSkeleton height={height} />}
      {list.isError && !list.data && <PaneProblem error={list.error} onRetry={list.refetch} />}
      {list.data && rows.length === 0 && <ListEmpty search={search} />}
      <div className={classes.stage} hidden={rows.length === 0}>
      {held > 0 && (
        <button type="button" className={classes.news} onClick={release} data-testid="new-rows">
          <IconArrowUp size={15} stroke={2} aria-hidden />
          {t('inbox.newRows', { count: held })}
        </button>
      )}
      <div
        ref={scroller}
        className={classes.scroller}
        onPointerEnter={freeze}
        onPointerLeave={() => isAtTop() && setFrozen(null)}
        onScroll={() => !isAtTop() && freeze()}
      >
        <ul className={classes.rows} style={{ height: virtual.getTotalSize() }}>
          {visible.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            return (
              <li
                key={row.id}
                className={classes.slot}
                style={{ height, transform: `translateY(${item.start}px)` }}
                aria-setsize={hasNextPage ? -1 : rows.length}
                aria-posinset={item.index + 1}
              >
                <ConversationRow
                  conversation={row}
                  search={search}
                  isSelected={row.id === selectedId}
                  isTabStop={row.id === tabStop}
                  density={density}
                  onFocus={() => setFocusedId(row.id)}
                  onIntent={() => void client.infiniteQuery(timelineQuery(row.id)).catch(() => undefined)}
                  onStep={step}
                />
              </li>
            );
          })}
        </ul>
        {isFetchingNextPage && <div className={classes.more}>{t('common.loading')}</div>}
      </div>
      </div>
    </section>
  );
}
