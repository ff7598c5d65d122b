/** The names under which the cache keeps what the server said. */

import type { ItemState } from '@parley/kit/api';
import type { ListFilter } from '@parley/kit/realtime';

export const keys = {
  me: ['me'] as const,
  config: ['config'] as const,
  counts: ['counts'] as const,
  lists: ['conversations'] as const,
  list: (filter: ListFilter) => ['conversations', filter] as const,
  conversation: (id: string) => ['conversation', id] as const,
  timelines: ['timeline'] as const,
  timeline: (id: string) => ['timeline', id] as const,
  life: (messageId: string) => ['life', messageId] as const,
  contact: (id: string) => ['contact', id] as const,
  previous: (contactId: string) => ['previous', contactId] as const,
  inboxes: ['inboxes'] as const,
  channels: ['channels'] as const,
  members: ['members'] as const,
  invitations: ['invitations'] as const,
  invitation: (token: string) => ['invitation', token] as const,
  roles: ['roles'] as const,
  teams: ['teams'] as const,
  tags: ['tags'] as const,
  tokens: ['tokens'] as const,
  items: (state: ItemState) => ['items', state] as const,
  item: (id: string) => ['item', id] as const,
};
