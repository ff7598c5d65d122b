/** Turns a timeline into what is drawn: days, the line above what is new, groups, folded activities. */

import type { Activity, Message, Note, TimelineItem } from '@parley/kit/api';
import { dayKey } from '@parley/kit/format';
import type { OutboxEntry } from '@parley/kit/outbox';
import { timeOf } from '@parley/kit/realtime';

export type ThreadRow =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'new'; key: string }
  | { kind: 'message'; key: string; message: Message; isFirst: boolean; isLast: boolean }
  | { kind: 'note'; key: string; note: Note }
  | { kind: 'activities'; key: string; activities: Activity[] }
  | { kind: 'entry'; key: string; entry: OutboxEntry };

const GROUP_MS = 5 * 60_000;

/** Items run from the oldest to the newest; `firstNewId` is the first message that was unread on arrival. */
export function buildRows(items: TimelineItem[], entries: OutboxEntry[], firstNewId: string | null): ThreadRow[] {
  const rows: ThreadRow[] = [];
  items.forEach((item, index) => {
    const before = items[index - 1];
    if (!before || dayKey(timeOf(before)) !== dayKey(timeOf(item))) {
      rows.push({ kind: 'day', key: `day-${dayKey(timeOf(item))}-${item.id}`, at: timeOf(item) });
    }
    if (item.id === firstNewId) rows.push({ kind: 'new', key: 'new' });
    push(rows, item, before, items[index + 1]);
  });
  for (const entry of entries) rows.push({ kind: 'entry', key: entry.clientId, entry });
  return rows;
}

function push(rows: ThreadRow[], item: TimelineItem, before?: TimelineItem, after?: TimelineItem): void {
  // The client id outlives the change from outbox to server, so the bubble is not drawn anew.
  if (item.type === 'message') {
    rows.push({
      kind: 'message',
      key: item.client_id ?? item.id,
      message: item,
      isFirst: !isOneGroup(before, item),
      isLast: !isOneGroup(item, after),
    });
  } else if (item.type === 'note') rows.push({ kind: 'note', key: item.client_id ?? item.id, note: item });
  else {
    const last = rows.at(-1);
    if (last?.kind === 'activities') last.activities.push(item);
    else rows.push({ kind: 'activities', key: item.id, activities: [item] });
  }
}

/** Messages of one author within five minutes stand together. */
function isOneGroup(a: TimelineItem | undefined, b: TimelineItem | undefined): boolean {
  if (a?.type !== 'message' || b?.type !== 'message') return false;
  if (a.direction !== b.direction || a.author.id !== b.author.id || a.author.type !== b.author.type) return false;
  return Date.parse(b.sent_at) - Date.parse(a.sent_at) < GROUP_MS && dayKey(a.sent_at) === dayKey(b.sent_at);
}

/** The first of the last `unread` messages that came in; null when nothing was unread. Items as above. */
export function findFirstNew(items: TimelineItem[], unread: number): string | null {
  if (unread <= 0) return null;
  const arrived = items.filter((item) => item.type === 'message' && item.direction === 'in');
  return arrived.at(-Math.min(unread, arrived.length))?.id ?? null;
}
