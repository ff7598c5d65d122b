/** Conversations, their timeline, contacts and tags. */

import { http, idempotent, unwrap } from '../client';
import type { ConversationQuery, NewMessage, NewNote } from '../schema';
import type { Contact, Conversation, Counts, LifeEvent, Message, Note, Page, Priority, Tag, TimelineItem } from '../types';

const at = (id: string) => ({ path: { id } });

export const listConversations = (query: ConversationQuery): Promise<Page<Conversation>> =>
  unwrap(http.GET('/conversations', { params: { query } }));
export const getCounts = (): Promise<Counts> => unwrap(http.GET('/conversations/counts'));
export const getConversation = (id: string): Promise<Conversation> =>
  unwrap(http.GET('/conversations/{id}', { params: at(id) }));
export const deleteConversation = (id: string): Promise<undefined> =>
  unwrap(http.DELETE('/conversations/{id}', { params: at(id) }));

export const assign = (id: string, member_id: string | null): Promise<Conversation> =>
  unwrap(http.PUT('/conversations/{id}/assignee', { params: at(id), body: { member_id } }));
export const setTeam = (id: string, team_id: string | null): Promise<Conversation> =>
  unwrap(http.PUT('/conversations/{id}/team', { params: at(id), body: { team_id } }));
export const setPriority = (id: string, priority: Priority): Promise<Conversation> =>
  unwrap(http.PUT('/conversations/{id}/priority', { params: at(id), body: { priority } }));
export const setTags = (id: string, tag_ids: string[]): Promise<Conversation> =>
  unwrap(http.PUT('/conversations/{id}/tags', { params: at(id), body: { tag_ids } }));
export const closeConversation = (id: string): Promise<Conversation> =>
  unwrap(http.POST('/conversations/{id}/close', { params: at(id), body: {} }));
export const reopenConversation = (id: string): Promise<Conversation> =>
  unwrap(http.POST('/conversations/{id}/reopen', { params: at(id), body: {} }));
export const snoozeConversation = (id: string, until: string): Promise<Conversation> =>
  unwrap(http.POST('/conversations/{id}/snooze', { params: at(id), body: { until } }));
export const markRead = (id: string): Promise<Conversation> =>
  unwrap(http.POST('/conversations/{id}/read', { params: at(id), body: {} }));
export const markUnread = (id: string): Promise<Conversation> =>
  unwrap(http.POST('/conversations/{id}/unread', { params: at(id), body: {} }));
export const tellTyping = (id: string): Promise<undefined> =>
  unwrap(http.POST('/conversations/{id}/typing', { params: at(id), body: {} }));

export const listTimeline = (id: string, cursor?: string): Promise<Page<TimelineItem>> =>
  unwrap(
    http.GET('/conversations/{id}/timeline', {
      params: { ...at(id), query: { limit: 50, ...(cursor ? { cursor } : {}) } },
    }),
  );
export const sendMessage = (id: string, body: NewMessage): Promise<Message> =>
  unwrap(
    http.POST('/conversations/{id}/messages', {
      params: { ...at(id), header: { 'Idempotency-Key': body.client_id } },
      body,
    }),
  );
export const addNote = (id: string, body: NewNote): Promise<Note> =>
  unwrap(
    http.POST('/conversations/{id}/notes', {
      params: { ...at(id), header: { 'Idempotency-Key': body.client_id } },
      body,
    }),
  );
export const react = (id: string, emoji: string | null): Promise<Message> =>
  unwrap(http.PUT('/messages/{id}/reaction', { params: at(id), body: { emoji } }));
export const retryMessage = (id: string): Promise<Message> =>
  unwrap(http.POST('/messages/{id}/retry', { params: at(id), body: {} }));
export const getLife = (id: string): Promise<{ items: LifeEvent[] }> =>
  unwrap(http.GET('/messages/{id}/life', { params: at(id) }));

export const getContact = (id: string): Promise<Contact> => unwrap(http.GET('/contacts/{id}', { params: at(id) }));
export const renameContact = (id: string, name: string): Promise<Contact> =>
  unwrap(http.PATCH('/contacts/{id}', { params: at(id), body: { name } }));
export const listTags = (): Promise<Page<Tag>> => unwrap(http.GET('/tags'));
export const addTag = (name: string, color: string): Promise<Tag> =>
  unwrap(http.POST('/tags', { body: { name, color }, params: { header: idempotent() } }));
