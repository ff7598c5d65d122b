/** Pure reducers for lists of conversations: what a frame does to pages that were loaded before it. */

import type { Conversation, Page } from '../api';
import { compareRows, matches, type ListFilter } from './match';

export type Pages<T> = { pages: Page<T>[]; pageParams: unknown[] };
export type ListChange = { data: Pages<Conversation>; mustRefetch: boolean };

/** Puts the conversation where it belongs now: replaced, moved, inserted, or taken out. */
export function placeConversation(
  data: Pages<Conversation>,
  conversation: Conversation,
  filter: ListFilter,
  memberId: string,
): ListChange {
  const shown = matches(conversation, filter, memberId);
  const isListed = data.pages.some((page) => page.items.some((row) => row.id === conversation.id));
  if (shown === false) return { data: removeConversation(data, conversation.id), mustRefetch: false };
  if (shown === null) {
    return isListed
      ? { data: replaceConversation(data, conversation), mustRefetch: false }
      : { data, mustRefetch: true };
  }
  return { data: insert(removeConversation(data, conversation.id), conversation, filter), mustRefetch: false };
}

export function removeConversation(data: Pages<Conversation>, id: string): Pages<Conversation> {
  if (!data.pages.some((page) => page.items.some((row) => row.id === id))) return data;
  const pages = data.pages.map((page) => ({ ...page, items: page.items.filter((row) => row.id !== id) }));
  return { ...data, pages };
}

function replaceConversation(data: Pages<Conversation>, conversation: Conversation): Pages<Conversation> {
  const pages = data.pages.map((page) => ({
    ...page,
    items: page.items.map((row) => (row.id === conversation.id ? conversation : row)),
  }));
  return { ...data, pages };
}

function insert(data: Pages<Conversation>, conversation: Conversation, filter: ListFilter): Pages<Conversation> {
  const isAbove = (row: Conversation) => compareRows(row, conversation, filter.sort) < 0;
  const last = data.pages.length - 1;
  const at = data.pages.findIndex((page, index) => index === last || page.items.some((row) => !isAbove(row)));
  const target = data.pages[at];
  if (!target) return data;
  const position = target.items.findIndex((row) => !isAbove(row));
  // Below everything loaded while there is more to load: the next page brings it.
  if (position === -1 && target.next_cursor !== null) return data;
  const items = target.items.toSpliced(position === -1 ? target.items.length : position, 0, conversation);
  return { ...data, pages: data.pages.with(at, { ...target, items }) };
}

/** All rows in order, each once: a row that moved while pages were loading may be in two of them. */
export function flatten<T extends { id: string }>(data: Pages<T> | undefined): T[] {
  const seen = new Set<string>();
  return (data?.pages ?? []).flatMap((page) =>
    page.items.filter((row) => {
      if (seen.has(row.id)) return false;
      seen.add(row.id);
      return true;
    }),
  );
}
