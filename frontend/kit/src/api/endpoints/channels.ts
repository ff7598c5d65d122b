/** Channels, inboxes and what came in through them. */

import { http, idempotent, unwrap } from '../client';
import type { Channel, Inbox, InboxCheck, Item, ItemState, ItemWithPayload, Page } from '../types';

type Settings = Record<string, string>;

export const listChannels = (): Promise<Page<Channel>> => unwrap(http.GET('/channels'));
export const listInboxes = (): Promise<Page<Inbox>> => unwrap(http.GET('/inboxes'));
export const checkSettings = (channel: string, settings: Settings): Promise<InboxCheck> =>
  unwrap(http.POST('/inboxes/check', { body: { channel, settings } }));
export const connectInbox = (body: { channel: string; name: string; settings: Settings }): Promise<Inbox> =>
  unwrap(http.POST('/inboxes', { body, params: { header: idempotent() } }));
export const updateInbox = (id: string, body: { name?: string; settings?: Settings }): Promise<Inbox> =>
  unwrap(http.PATCH('/inboxes/{id}', { params: { path: { id } }, body }));
export const checkInbox = (id: string): Promise<InboxCheck> =>
  unwrap(http.POST('/inboxes/{id}/check', { params: { path: { id } }, body: {} }));
export const disconnectInbox = (id: string): Promise<undefined> =>
  unwrap(http.DELETE('/inboxes/{id}', { params: { path: { id } } }));

export const listItems = (state: ItemState, cursor?: string): Promise<Page<Item>> =>
  unwrap(http.GET('/items', { params: { query: { state, limit: 50, ...(cursor ? { cursor } : {}) } } }));
export const getItem = (id: string): Promise<ItemWithPayload> =>
  unwrap(http.GET('/items/{id}', { params: { path: { id } } }));
export const replayItem = (id: string): Promise<Item> =>
  unwrap(http.POST('/items/{id}/replay', { params: { path: { id } }, body: {} }));
