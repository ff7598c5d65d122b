/** Builders for tests: the smallest believable objects. */

import type { Conversation, Frame, Message, TimelineItem } from '../api';
import type { Pages } from './reduceList';

export const minute = (n: number): string => new Date(Date.UTC(2026, 0, 5, 9, n)).toISOString();

export function conversation(id: string, at: number, patch: Partial<Conversation> = {}): Conversation {
  return {
    id,
    number: at,
    status: 'open',
    snoozed_until: null,
    inbox_id: 'inbox',
    channel: 'whatsapp',
    contact: { id: `contact-${id}`, name: id },
    assignee: null,
    team: null,
    tags: [],
    priority: 'none',
    unread_count: 0,
    arrived_count: 1,
    last_message_at: minute(at),
    waiting_since: minute(at),
    last_message: null,
    window: { is_open: true, closes_at: null, allowed: 'anything', code: null, message: null },
    is_restricted: false,
    created_at: minute(at),
    closed_at: null,
    previous_id: null,
    ...patch,
  };
}

export function message(id: string, at: number, patch: Partial<Message> = {}): Message {
  return {
    type: 'message',
    id,
    conversation_id: 'a',
    direction: 'out',
    kind: 'text',
    author: { type: 'member', id: 'me', name: 'Me' },
    text: id,
    attachments: [],
    reply_to: null,
    content: null,
    reactions: [],
    external_id: null,
    client_id: null,
    sent_at: minute(at),
    created_at: minute(at),
    edited_at: null,
    revoked_at: null,
    is_readable: true,
    delivery: null,
    referral: null,
    is_forwarded: false,
    ...patch,
  };
}

export function conversationFrame(seq: number, object: Conversation): Frame {
  return {
    prev: seq - 1,
    seq,
    type: 'conversation.changed',
    at: minute(0),
    ids: { conversation: object.id },
    object_type: 'conversation',
    object,
  };
}

export function itemFrame(seq: number, object: TimelineItem): Frame {
  const ids = { conversation: object.conversation_id, [object.type]: object.id };
  return { prev: seq - 1, seq, type: `${object.type}.changed`, at: minute(0), ids, object_type: object.type, object };
}

/** Splits a list into pages as the server would. */
export function paged<T>(items: T[], size: number, hasMore = false): Pages<T> {
  const pages = [];
  for (let start = 0; start < Math.max(1, items.length); start += size) {
    pages.push({ items: items.slice(start, start + size), next_cursor: `after-${start + size}` as string | null });
  }
  const last = pages.at(-1);
  if (last && !hasMore) last.next_cursor = null;
  return { pages, pageParams: pages.map(() => undefined) };
}
