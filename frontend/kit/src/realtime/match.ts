/** Which conversations a list shows and in which order: the server's rules, said once more for frames. */

import type { Conversation, ConversationStatus } from '../api';

export type ListSort = 'newest' | 'waiting';
export type ListFilter = {
  status: ConversationStatus[];
  assignee?: string;
  team?: string;
  tag?: string;
  inbox?: string;
  contact?: string;
  q?: string;
  sort: ListSort;
};

/** True when the list must show the conversation; null when only the server can tell (free-text search). */
export function matches(conversation: Conversation, filter: ListFilter, memberId: string): boolean | null {
  if (!filter.status.includes(conversation.status)) return false;
  if (!matchesAssignee(conversation, filter.assignee, memberId)) return false;
  if (filter.team && conversation.team?.id !== filter.team) return false;
  if (filter.inbox && conversation.inbox_id !== filter.inbox) return false;
  if (filter.contact && conversation.contact.id !== filter.contact) return false;
  if (filter.tag && !conversation.tags.some((tag) => tag.id === filter.tag)) return false;
  return filter.q ? null : true;
}

function matchesAssignee(conversation: Conversation, wanted: string | undefined, memberId: string): boolean {
  if (!wanted) return true;
  if (wanted === 'none') return conversation.assignee === null;
  return conversation.assignee?.id === (wanted === 'me' ? memberId : wanted);
}

/** Sorts as the server does: negative when `a` stands above `b`. */
export function compareRows(a: Conversation, b: Conversation, sort: ListSort): number {
  if (sort === 'waiting' && a.waiting_since !== b.waiting_since) {
    if (a.waiting_since === null) return 1;
    if (b.waiting_since === null) return -1;
    return compareTimes(a.waiting_since, b.waiting_since);
  }
  const newest = compareTimes(b.last_message_at, a.last_message_at);
  return newest !== 0 ? newest : b.id.localeCompare(a.id);
}

export const compareTimes = (a: string, b: string): number => Date.parse(a) - Date.parse(b);
