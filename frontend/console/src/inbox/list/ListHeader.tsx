import { ActionIcon, TextInput } from '@mantine/core';
import { IconLayoutSidebar, IconSearch, IconX } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cappedCount } from '@parley/kit/format';
import { useCommand } from '../../app/commands';
import { useCounts, useInboxes, useTeams } from '../queries';
import { statuses, statusesOf, type InboxSearch } from '../search';
import classes from './ConversationList.module.css';

const SortMenu = lazy(() => import('./SortMenu').then((room) => ({ default: room.SortMenu })));

const TYPING_PAUSE_MS = 250;

/** The name of the view on screen. */
function useViewName(search: InboxSearch): string {
  const { t } = useTranslation();
  const inboxes = useInboxes().data;
  const teams = useTeams().data;
  if (search.inbox) return inboxes?.find((each) => each.id === search.inbox)?.name ?? t('views.channel');
  if (search.team) return teams?.find((each) => each.id === search.team)?.name ?? t('views.team');
  if (search.q && !search.view) return t('views.search');
  return t(`views.${search.view ?? 'all'}`);
}

function useViewCount(search: InboxSearch): number | undefined {
  const counts = useCounts().data;
  if (!counts || search.q || search.status) return undefined;
  if (search.inbox) return counts.inboxes.find((each) => each.inbox_id === search.inbox)?.open;
  if (search.team) return counts.teams.find((each) => each.team_id === search.team)?.open;
  if (search.view === 'closed') return undefined;
  return search.view ? counts[search.view] : counts.open;
}

export function ListHeader({ onOpenNavigator }: { onOpenNavigator: (() => void) | undefined }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search = useSearch({ from: '/door/inbox' });
  const name = useViewName(search);
  const count = useViewCount(search);
  const change = (patch: InboxSearch) => void navigate({ to: '.', search: patch, replace: true });
  const chosen = statusesOf(search);
  const toggle = (status: (typeof statuses)[number]) => {
    const next = chosen.includes(status) ? chosen.filter((each) => each !== status) : [...chosen, status];
    const { status: _before, ...rest } = search;
    change(next.length === 0 || (next.length === 1 && next[0] === 'open') ? rest : { ...rest, status: next.join(',') });
  };
  const sortBy = (sort: 'newest' | 'waiting') => {
    const { sort: _before, ...rest } = search;
    change(sort === 'waiting' ? { ...rest, sort } : rest);
  };
  const hasChips = search.view !== 'snoozed' && search.view !== 'closed';
  return (
    <header className={classes.header}>
      <div className={classes.titleRow}>
        {onOpenNavigator && (
          <ActionIcon aria-label={t('navigator.open')} onClick={onOpenNavigator}>
            <IconLayoutSidebar size={19} stroke={1.7} />
          </ActionIcon>
        )}
        <h1 className={`p-truncate ${classes.title}`} dir="auto">
          {name}
        </h1>
        {count !== undefined && <span className={classes.count}>{cappedCount(count)}</span>}
        <span style={{ flex: 1 }} />
        <Suspense fallback={<ActionIcon aria-hidden />}>
          <SortMenu sort={search.sort ?? 'newest'} onSort={sortBy} />
        </Suspense>
      </div>
      <SearchField key={JSON.stringify([search.view, search.inbox, search.team])} search={search} onChange={change} />
      {hasChips && (
        <div className={classes.chips} role="group" aria-label={t('inbox.filterByStatus')}>
          {statuses.map((status) => (
            <button
              key={status}
              type="button"
              className={classes.chip}
              aria-pressed={chosen.includes(status)}
              onClick={() => toggle(status)}
            >
              {t(`status.${status}`)}
            </button>
          ))}
        </div>
      )}
    </header>
  );
}

type SearchProps = { search: InboxSearch; onChange: (search: InboxSearch) => void };

/** Searches as one types, after a short pause. */
function SearchField({ search, onChange }: SearchProps) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const [words, setWords] = useState(search.q ?? '');
  useCommand('list.search', () => field.current?.focus());
  useEffect(() => setWords(search.q ?? ''), [search.q]);
  useEffect(() => {
    if (words.trim() === (search.q ?? '')) return undefined;
    const timer = setTimeout(() => {
      const { q: _before, ...rest } = search;
      onChange(words.trim() ? { ...rest, q: words.trim() } : rest);
    }, TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [words, search, onChange]);
  return (
    <TextInput
      ref={field}
      type="search"
      size="sm"
      variant="filled"
      classNames={{ input: classes.search ?? '' }}
      placeholder={t('inbox.search')}
      aria-label={t('inbox.search')}
      value={words}
      leftSection={<IconSearch size={16} stroke={1.7} aria-hidden />}
      rightSection={
        words && (
          <ActionIcon size={24} aria-label={t('inbox.clearSearch')} onClick={() => setWords('')}>
            <IconX size={14} />
          </ActionIcon>
        )
      }
      onChange={(event) => setWords(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        setWords('');
        event.currentTarget.blur();
      }}
    />
  );
}
