/** Timeline and outbox seen together: everything once, whichever of answer and frame came first. */

import type { TimelineItem } from '../api';
import type { OutboxEntry } from './outbox';

/** Gives the entries of a conversation that the server's timeline does not show yet. */
export function unsent(
  items: readonly TimelineItem[],
  entries: readonly OutboxEntry[],
  conversationId: string,
): OutboxEntry[] {
  const known = new Set(items.map((item) => (item.type === 'activity' ? null : item.client_id)));
  return entries.filter((entry) => entry.conversationId === conversationId && !known.has(entry.clientId));
}
