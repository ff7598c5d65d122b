/** What the address says about the list, and the list that it means. */

import type { ConversationStatus } from '@parley/kit/api';
import type { ListFilter } from '@parley/kit/realtime';

export const views = ['mine', 'unassigned', 'all', 'snoozed', 'closed'] as const;
export type View = (typeof views)[number];
export const statuses = ['open', 'pending', 'snoozed', 'closed'] as const satisfies readonly ConversationStatus[];

/** Everything open is the default, so that nobody starts in an empty room. */
export type InboxSearch = {
  view?: Exclude<View, 'all'>;
  inbox?: string;
  team?: string;
  status?: string;
  sort?: 'waiting';
  q?: string;
};

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;

export function readInboxSearch(raw: Record<string, unknown>): InboxSearch {
  const view = views.find((each) => each !== 'all' && each === raw.view) as InboxSearch['view'];
  const [inbox, team, q] = [text(raw.inbox), text(raw.team), text(raw.q)];
  const chosen = (text(raw.status) ?? '').split(',');
  const status = statuses.filter((each) => chosen.includes(each)).join(',');
  return {
    ...(view ? { view } : {}),
    ...(inbox ? { inbox } : {}),
    ...(team ? { team } : {}),
    ...(status && status !== 'open' ? { status } : {}),
    ...(raw.sort === 'waiting' ? { sort: 'waiting' } : {}),
    ...(q ? { q } : {}),
  };
}

/** The statuses that the list shows. Two views are nothing but a status. */
export function statusesOf(search: InboxSearch): ConversationStatus[] {
  if (search.view === 'snoozed' || search.view === 'closed') return [search.view];
  const chosen = search.status?.split(',') ?? [];
  const known = statuses.filter((each) => chosen.includes(each));
  if (known.length > 0) return known;
  return search.q ? [...statuses] : ['open'];
}

export function filterOf(search: InboxSearch): ListFilter {
  return {
    status: statusesOf(search),
    sort: search.sort ?? 'newest',
    ...(search.view === 'mine' ? { assignee: 'me' } : {}),
    ...(search.view === 'unassigned' ? { assignee: 'none' } : {}),
    ...(search.inbox ? { inbox: search.inbox } : {}),
    ...(search.team ? { team: search.team } : {}),
    ...(search.q ? { q: search.q } : {}),
  };
}
