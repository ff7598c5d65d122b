/** What a frame does to the cache: pure reducers of the kit, brought to the queries that are loaded. */

import { type InfiniteData, type QueryClient } from '@tanstack/react-query';
import type { Contact, Conversation, Frame, Page, TimelineItem } from '@parley/kit/api';
import {
  FrameLog,
  idFor,
  placeConversation,
  placeItem,
  removeConversation,
  removeItem,
  type ListFilter,
} from '@parley/kit/realtime';
import { keys } from '../app/keys';

export const frameLog = new FrameLog();

type Rows = InfiniteData<Page<Conversation>>;
type Items = InfiniteData<Page<TimelineItem>>;
type Named = { id: string };

export function applyFrame(client: QueryClient, frame: Frame, memberId: string): void {
  const goneId = frame.gone || frame.object === null ? idFor(frame) : undefined;
  switch (frame.object_type) {
    case 'conversation':
      if (frame.object && !frame.gone) applyConversation(client, frame.object, memberId);
      else if (goneId) forgetConversation(client, goneId);
      break;
    case 'message':
    case 'note':
    case 'activity':
      if (frame.object && !frame.gone) applyItem(client, frame.object);
      else if (goneId && frame.ids.conversation) {
        const key = keys.timeline(frame.ids.conversation);
        client.setQueryData<Items>(key, (data) => data && (removeItem(data, goneId)));
      }
      break;
    case 'contact':
      if (frame.object) applyContact(client, frame.object);
      break;
    case 'inbox':
      applyNamed(client, keys.inboxes, frame.object, goneId);
      break;
    case 'member':
      applyNamed(client, keys.members, frame.object, goneId);
      break;
    case 'team':
      applyNamed(client, keys.teams, frame.object, goneId);
      break;
    case 'tag':
      applyNamed(client, keys.tags, frame.object, goneId);
      break;
    case null:
      break;
  }
}

export function applyConversation(client: QueryClient, conversation: Conversation, memberId: string): void {
  client.setQueryData<Conversation | null>(keys.conversation(conversation.id), conversation);
  for (const query of client.getQueryCache().findAll({ queryKey: keys.lists })) {
    const data = query.state.data as Rows | undefined;
    if (!data) continue;
    const change = placeConversation(data, conversation, query.queryKey[1] as ListFilter, memberId);
    if (change.mustRefetch) void client.invalidateQueries({ queryKey: query.queryKey });
    else if (change.data !== data) client.setQueryData(query.queryKey, change.data);
  }
}

function forgetConversation(client: QueryClient, id: string): void {
  client.setQueryData<Conversation | null>(keys.conversation(id), null);
  client.removeQueries({ queryKey: keys.timeline(id) });
  for (const query of client.getQueryCache().findAll({ queryKey: keys.lists })) {
    const data = query.state.data as Rows | undefined;
    if (data) client.setQueryData(query.queryKey, removeConversation(data, id));
  }
}

export function applyItem(client: QueryClient, item: TimelineItem): void {
  const key = keys.timeline(item.conversation_id);
  client.setQueryData<Items>(key, (data) => data && (placeItem(data, item)));
}

function applyContact(client: QueryClient, contact: Contact): void {
  client.setQueryData<Contact>(keys.contact(contact.id), contact);
  const rename = (row: Conversation): Conversation =>
    row.contact.id === contact.id && row.contact.name !== contact.name
      ? { ...row, contact: { id: contact.id, name: contact.name } }
      : row;
  client.setQueriesData<Rows>({ queryKey: keys.lists }, (data) =>
    data ? { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.map(rename) })) } : data,
  );
  client.setQueriesData<Conversation | null>({ queryKey: ['conversation'] }, (row) => (row ? rename(row) : row));
}

function applyNamed(
  client: QueryClient,
  key: readonly string[],
  object: Named | null,
  goneId: string | undefined,
): void {
  client.setQueryData<Page<Named>>(key, (data) => {
    if (!data) return data;
    if (!object) return goneId ? { ...data, items: data.items.filter((each) => each.id !== goneId) } : data;
    const isKnown = data.items.some((each) => each.id === object.id);
    const items = isKnown
      ? data.items.map((each) => (each.id === object.id ? object : each))
      : [...data.items, object];
    return { ...data, items };
  });
  // A frame without object and id says only that something changed.
  if (!object && !goneId) void client.invalidateQueries({ queryKey: key });
}
