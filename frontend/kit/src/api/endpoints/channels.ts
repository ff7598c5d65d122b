/** Channels, inboxes and what came in through them. */

import { http, idempotent, unwrap } from '../client';
import type { Channel, Inbox, InboxCheck, Item, ItemState, ItemWithPayload, Page } from '../types';

type Settings = Record<string, string>;

export const listChannels = (): Promise<Page<Channel>> => unwrap(http.GET('/api/v1/channels'));
export const listInboxes = (): Promise<Page<Inbox>> => unwrap(http.GET('/api/v1/inboxes'));
export const checkSettings = (channel: string, settings: Settings): Promise<InboxCheck> =>
  unwrap(http.POST('/api/v1/inboxes/check', { body: { channel, settings } }));
export const connectInbox = (body: { channel: string; name: string; settings: Settings }): Promise<Inbox> =>
  unwrap(http.POST('/api/v1/inboxes', { body, headers: idempotent() }));
export const updateInbox = (id: string, body: { name?: string; settings?: Settings }): Promise<Inbox> =>
  unwrap(http.PATCH('/api/v1/inboxes/{inbox_id}', { params: { path: { inbox_id: id } }, body }));
export const checkInbox = (id: string): Promise<InboxCheck> =>
  unwrap(http.POST('/api/v1/inboxes/{inbox_id}/check', { params: { path: { inbox_id: id } } }));
export const disconnectInbox = (id: string): Promise<undefined> =>
  unwrap(http.DELETE('/api/v1/inboxes/{inbox_id}', { params: { path: { inbox_id: id } } }));

export const listItems = (state: ItemState, cursor?: string): Promise<Page<Item>> =>
  unwrap(http.GET('/api/v1/items', { params: { query: { state, limit: 50, ...(cursor ? { cursor } : {}) } } }));
export const getItem = (id: string): Promise<ItemWithPayload> =>
  unwrap(http.GET('/api/v1/items/{item_id}', { params: { path: { item_id: id } } }));
export const replayItem = (id: string): Promise<Item> =>
  unwrap(http.POST('/api/v1/items/{item_id}/replay', { params: { path: { item_id: id } } }));
