/** Conversations, their timeline, contacts and tags. */

import { http, idempotent, unwrap } from '../client';
import type {
  Contact,
  Conversation,
  ConversationQuery,
  Counts,
  LifeEvent,
  Message,
  NewMessage,
  NewNote,
  Note,
  Page,
  Priority,
  Tag,
  TimelineItem,
} from '../types';

export const listConversations = (query: ConversationQuery): Promise<Page<Conversation>> =>
  unwrap(http.GET('/api/v1/conversations', { params: { query } }));
export const getCounts = (): Promise<Counts> => unwrap(http.GET('/api/v1/conversations/counts'));
export const getConversation = (id: string): Promise<Conversation> =>
  unwrap(http.GET('/api/v1/conversations/{conversation_id}', { params: { path: { conversation_id: id } } }));
export const deleteConversation = (id: string): Promise<undefined> =>
  unwrap(http.DELETE('/api/v1/conversations/{conversation_id}', { params: { path: { conversation_id: id } } }));

export const assign = (id: string, member_id: string | null): Promise<Conversation> =>
  unwrap(http.PUT('/api/v1/conversations/{conversation_id}/assignee', { params: { path: { conversation_id: id } }, body: { member_id } }));
export const setTeam = (id: string, team_id: string | null): Promise<Conversation> =>
  unwrap(http.PUT('/api/v1/conversations/{conversation_id}/team', { params: { path: { conversation_id: id } }, body: { team_id } }));
export const setPriority = (id: string, priority: Priority): Promise<Conversation> =>
  unwrap(http.PUT('/api/v1/conversations/{conversation_id}/priority', { params: { path: { conversation_id: id } }, body: { priority } }));
export const setTags = (id: string, tag_ids: string[]): Promise<Conversation> =>
  unwrap(http.PUT('/api/v1/conversations/{conversation_id}/tags', { params: { path: { conversation_id: id } }, body: { tag_ids } }));
export const closeConversation = (id: string): Promise<Conversation> =>
  unwrap(http.POST('/api/v1/conversations/{conversation_id}/close', { params: { path: { conversation_id: id } } }));
export const reopenConversation = (id: string): Promise<Conversation> =>
  unwrap(http.POST('/api/v1/conversations/{conversation_id}/reopen', { params: { path: { conversation_id: id } } }));
export const snoozeConversation = (id: string, until: string): Promise<Conversation> =>
  unwrap(http.POST('/api/v1/conversations/{conversation_id}/snooze', { params: { path: { conversation_id: id } }, body: { until } }));
export const markRead = (id: string): Promise<Conversation> =>
  unwrap(http.POST('/api/v1/conversations/{conversation_id}/read', { params: { path: { conversation_id: id } } }));
export const markUnread = (id: string): Promise<Conversation> =>
  unwrap(http.POST('/api/v1/conversations/{conversation_id}/unread', { params: { path: { conversation_id: id } } }));
export const tellTyping = (id: string): Promise<undefined> =>
  unwrap(http.POST('/api/v1/conversations/{conversation_id}/typing', { params: { path: { conversation_id: id } } }));

export const listTimeline = (id: string, cursor?: string): Promise<Page<TimelineItem>> =>
  unwrap(
    http.GET('/api/v1/conversations/{conversation_id}/timeline', {
      params: { path: { conversation_id: id }, query: { limit: 50, ...(cursor ? { cursor } : {}) } },
    }),
  );
export const sendMessage = (id: string, body: NewMessage): Promise<Message> =>
  unwrap(
    http.POST('/api/v1/conversations/{conversation_id}/messages', {
      params: { path: { conversation_id: id } },
      headers: { 'Idempotency-Key': body.client_id },
      body: { is_voice: false, ...body },
    }),
  );
export const addNote = (id: string, body: NewNote): Promise<Note> =>
  unwrap(
    http.POST('/api/v1/conversations/{conversation_id}/notes', {
      params: { path: { conversation_id: id } },
      headers: { 'Idempotency-Key': body.client_id },
      body,
    }),
  );
export const react = (id: string, emoji: string | null): Promise<Message> =>
  unwrap(http.PUT('/api/v1/messages/{message_id}/reaction', { params: { path: { message_id: id } }, body: { emoji } }));
export const retryMessage = (id: string): Promise<Message> =>
  unwrap(http.POST('/api/v1/messages/{message_id}/retry', { params: { path: { message_id: id } } }));
export const getLife = (id: string): Promise<{ items: LifeEvent[] }> =>
  unwrap(http.GET('/api/v1/messages/{message_id}/life', { params: { path: { message_id: id } } }));

export const getContact = (id: string): Promise<Contact> => unwrap(http.GET('/api/v1/contacts/{contact_id}', { params: { path: { contact_id: id } } }));
export const renameContact = (id: string, name: string): Promise<Contact> =>
  unwrap(http.PATCH('/api/v1/contacts/{contact_id}', { params: { path: { contact_id: id } }, body: { name } }));
export const listTags = (): Promise<Page<Tag>> => unwrap(http.GET('/api/v1/tags'));
export const addTag = (name: string, color: string): Promise<Tag> =>
  unwrap(http.POST('/api/v1/tags', { body: { name, color }, headers: idempotent() }));
