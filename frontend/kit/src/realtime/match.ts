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
  if (sort === 'waiting') return compareWaiting(a.waiting_since, b.waiting_since) || compareText(a.id, b.id);
  return compareTimes(b.last_message_at, a.last_message_at) || compareText(b.id, a.id);
}

/** Who has waited longest stands first, who does not wait last. */
function compareWaiting(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return compareTimes(a, b);
}

/** By code units, as the database compares ids; the rules of a language would order them otherwise. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Negative when `a` is earlier. Dates of the browser know milliseconds only, the server's times are finer. */
export function compareTimes(a: string, b: string): number {
  const milliseconds = Date.parse(a) - Date.parse(b);
  return milliseconds !== 0 || a.length !== b.length ? milliseconds : compareText(a, b);
}
