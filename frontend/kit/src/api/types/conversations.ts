/** Conversations: the rows of the inbox, without their timeline. */

import type { MessageKind } from './timeline';

export type ConversationStatus = 'open' | 'pending' | 'snoozed' | 'closed';
export type Priority = 'none' | 'low' | 'high' | 'urgent';
export type AuthorType = 'contact' | 'member' | 'bot' | 'system';
export type Author = { type: AuthorType; id: string | null; name: string };
export type DeliveryState = 'queued' | 'sending' | 'sent' | 'delivered' | 'read' | 'played' | 'failed' | 'unconfirmed';
export type Window = {
  is_open: boolean;
  closes_at: string | null;
  allowed: 'anything' | 'templates' | 'nothing';
  code: string | null;
  message: string | null;
};
export type Tag = { id: string; name: string; color: string };
export type Ref = { id: string; name: string };
export type Conversation = {
  id: string;
  number: number;
  status: ConversationStatus;
  snoozed_until: string | null;
  inbox_id: string;
  channel: string;
  contact: Ref;
  assignee: Ref | null;
  team: Ref | null;
  tags: Tag[];
  priority: Priority;
  unread_count: number;
  arrived_count: number;
  last_message_at: string | null;
  waiting_since: string | null;
  last_message: {
    id: string;
    direction: 'in' | 'out';
    kind: MessageKind;
    author: Author;
    preview: string | null;
    delivery_state: DeliveryState | null;
  } | null;
  window: Window;
  is_restricted: boolean;
  created_at: string;
  closed_at: string | null;
  previous_id: string | null;
};
export type Counts = {
  mine: number;
  unassigned: number;
  open: number;
  pending: number;
  snoozed: number;
  unread_mine: number;
  unread_unassigned: number;
  unread_open: number;
  inboxes: { inbox_id: string; open: number; unread: number }[];
  teams: { team_id: string; open: number; unread: number }[];
};

