/** Pure reducers for a timeline: pages run from the newest item to the oldest. */

import type { TimelineItem } from '../api';
import { compareText, compareTimes } from './match';
import type { Pages } from './reduceList';

export const timeOf = (item: TimelineItem): string => (item.type === 'message' ? item.sent_at : item.created_at);

/** Negative when `a` is newer than `b`. */
export function compareItems(a: TimelineItem, b: TimelineItem): number {
  return compareTimes(timeOf(b), timeOf(a)) || compareText(b.id, a.id);
}

/** Replaces the item, or inserts it where its time puts it. Doing it twice changes nothing. */
export function placeItem(data: Pages<TimelineItem>, item: TimelineItem): Pages<TimelineItem> {
  const rest = removeItem(data, item.id);
  const isNewer = (other: TimelineItem) => compareItems(other, item) < 0;
  const last = rest.pages.length - 1;
  const at = rest.pages.findIndex((page, index) => index === last || page.items.some((other) => !isNewer(other)));
  const target = rest.pages[at];
  if (!target) return rest;
  const position = target.items.findIndex((other) => !isNewer(other));
  // Older than everything loaded while there is more to load: the next page brings it.
  if (position === -1 && target.next_cursor !== null) return rest;
  const items = target.items.toSpliced(position === -1 ? target.items.length : position, 0, item);
  return { ...rest, pages: rest.pages.with(at, { ...target, items }) };
}

export function removeItem(data: Pages<TimelineItem>, id: string): Pages<TimelineItem> {
  if (!data.pages.some((page) => page.items.some((item) => item.id === id))) return data;
  const pages = data.pages.map((page) => ({ ...page, items: page.items.filter((item) => item.id !== id) }));
  return { ...data, pages };
}
