/**
 * The paths of the API as openapi-fetch wants them. `npm run generate` replaces this file by one made from the
 * server's OpenAPI document.
 */

import type * as T from './types';

type Json<B> = { content: { 'application/json': B } };
type Answer<R> = { 200: R extends undefined ? { content?: never } : Json<R> };
type Op<R, B = undefined, Q = undefined, P = undefined> = {
  parameters: {
    query?: Q extends undefined ? never : Q;
    header?: { 'Idempotency-Key'?: string };
    path: P extends undefined ? never : P;
    cookie?: never;
  };
  responses: Answer<R>;
} & (B extends undefined ? { requestBody?: never } : { requestBody: Json<B> });
type PlainOp<R, B = undefined, Q = undefined> = Omit<Op<R, B, Q>, 'parameters'> & {
  parameters: { query?: Q extends undefined ? never : Q; header?: { 'Idempotency-Key'?: string } };
};
type Paging = { limit?: number; cursor?: string };
type Id = { id: string };
type Empty = Record<string, never>;
type Settings = Record<string, string>;

export type ConversationQuery = Paging & {
  status?: string;
  assignee?: string;
  team?: string;
  tag?: string;
  inbox?: string;
  contact?: string;
  q?: string;
  sort?: 'newest' | 'waiting';
};
export type NewMessage = {
  text?: string;
  attachments?: string[];
  reply_to?: string;
  client_id: string;
  interactive?: T.Interactive;
};
export type NewNote = { text: string; mentions: string[]; client_id: string };
export type NewAccount = { name: string; email: string; password: string; workspace_name: string };

export interface paths {
  '/auth/sign-up': { post: PlainOp<T.Me, NewAccount> };
  '/auth/sign-in': { post: PlainOp<T.Me, { email: string; password: string }> };
  '/auth/sign-out': { post: PlainOp<undefined> };
  '/auth/workspace': { post: PlainOp<T.Me, { workspace_id: string }> };
  '/me': {
    get: PlainOp<T.Me>;
    patch: PlainOp<T.Me, { name?: string; display_name?: string; locale?: string; time_zone?: string }>;
  };
  '/me/password': { post: PlainOp<undefined, { current_password: string; new_password: string }> };
  '/config': { get: PlainOp<T.Config> };
  '/invitations/{token}': { get: Op<T.InvitationPreview, undefined, undefined, { token: string }> };
  '/invitations/{token}/accept': {
    post: Op<T.Me, { name?: string; password: string }, undefined, { token: string }>;
  };
  '/members': { get: PlainOp<T.Page<T.Member>, undefined, Paging> };
  '/members/{id}': { patch: Op<T.Member, { role?: T.Role; is_active?: boolean }, undefined, Id> };
  '/members/invitations': {
    get: PlainOp<T.Page<T.Invitation>>;
    post: PlainOp<T.Invitation, { email: string; role: T.Role }>;
  };
  '/members/invitations/{id}': { delete: Op<undefined, undefined, undefined, Id> };
  '/roles': { get: PlainOp<T.Page<T.RoleRow>> };
  '/teams': { get: PlainOp<T.Page<T.Team>>; post: PlainOp<T.Team, { name: string }> };
  '/teams/{id}': { delete: Op<undefined, undefined, undefined, Id> };
  '/teams/{id}/members': { put: Op<T.Team, { member_ids: string[] }, undefined, Id> };
  '/api-tokens': {
    get: PlainOp<T.Page<T.ApiToken>>;
    post: PlainOp<T.NewApiToken, { name: string; role?: T.Role; expires_in_days?: number }>;
  };
  '/api-tokens/{id}': { delete: Op<undefined, undefined, undefined, Id> };
  '/channels': { get: PlainOp<T.Page<T.Channel>> };
  '/inboxes': {
    get: PlainOp<T.Page<T.Inbox>>;
    post: PlainOp<T.Inbox, { channel: string; name: string; settings: Settings }>;
  };
  '/inboxes/check': { post: PlainOp<T.InboxCheck, { channel: string; settings: Settings }> };
  '/inboxes/{id}': {
    patch: Op<T.Inbox, { name?: string; settings?: Settings }, undefined, Id>;
    delete: Op<undefined, undefined, undefined, Id>;
  };
  '/inboxes/{id}/check': { post: Op<T.InboxCheck, Empty, undefined, Id> };
  '/conversations': { get: PlainOp<T.Page<T.Conversation>, undefined, ConversationQuery> };
  '/conversations/counts': { get: PlainOp<T.Counts> };
  '/conversations/{id}': {
    get: Op<T.Conversation, undefined, undefined, Id>;
    delete: Op<undefined, undefined, undefined, Id>;
  };
  '/conversations/{id}/assignee': { put: Op<T.Conversation, { member_id: string | null }, undefined, Id> };
  '/conversations/{id}/team': { put: Op<T.Conversation, { team_id: string | null }, undefined, Id> };
  '/conversations/{id}/priority': { put: Op<T.Conversation, { priority: T.Priority }, undefined, Id> };
  '/conversations/{id}/tags': { put: Op<T.Conversation, { tag_ids: string[] }, undefined, Id> };
  '/conversations/{id}/close': { post: Op<T.Conversation, Empty, undefined, Id> };
  '/conversations/{id}/reopen': { post: Op<T.Conversation, Empty, undefined, Id> };
  '/conversations/{id}/snooze': { post: Op<T.Conversation, { until: string }, undefined, Id> };
  '/conversations/{id}/read': { post: Op<T.Conversation, Empty, undefined, Id> };
  '/conversations/{id}/unread': { post: Op<T.Conversation, Empty, undefined, Id> };
  '/conversations/{id}/typing': { post: Op<undefined, Empty, undefined, Id> };
  '/conversations/{id}/timeline': { get: Op<T.Page<T.TimelineItem>, undefined, Paging, Id> };
  '/conversations/{id}/messages': { post: Op<T.Message, NewMessage, undefined, Id> };
  '/conversations/{id}/notes': { post: Op<T.Note, NewNote, undefined, Id> };
  '/messages/{id}/reaction': { put: Op<T.Message, { emoji: string | null }, undefined, Id> };
  '/messages/{id}/retry': { post: Op<T.Message, Empty, undefined, Id> };
  '/messages/{id}/life': { get: Op<{ items: T.LifeEvent[] }, undefined, undefined, Id> };
  '/contacts/{id}': {
    get: Op<T.Contact, undefined, undefined, Id>;
    patch: Op<T.Contact, { name: string }, undefined, Id>;
  };
  '/tags': { get: PlainOp<T.Page<T.Tag>>; post: PlainOp<T.Tag, { name: string; color: string }> };
  '/items': { get: PlainOp<T.Page<T.Item>, undefined, Paging & { state?: string }> };
  '/items/{id}': { get: Op<T.ItemWithPayload, undefined, undefined, Id> };
  '/items/{id}/replay': { post: Op<T.Item, Empty, undefined, Id> };
  '/events': { get: PlainOp<T.EventsPage, undefined, { after: number; wait: number }> };
}
