/** Conversations: the rows of the inbox, without their timeline. */

import type { Refine, Schemas } from './refine';
import type { MessageKind } from './timeline';

export type ConversationStatus = 'open' | 'pending' | 'snoozed' | 'closed';
export type Priority = 'none' | 'low' | 'high' | 'urgent';
export type AuthorType = 'contact' | 'member' | 'bot' | 'system';
/** Names may be missing: nobody told one, or it was erased. */
export type Author = Refine<Schemas['AuthorView'], { type: AuthorType }>;
export type DeliveryState = 'queued' | 'sending' | 'sent' | 'delivered' | 'read' | 'played' | 'failed' | 'unconfirmed';
export type Window = Schemas['Window'];
export type Tag = Schemas['TagView'];
export type LastMessage = Refine<
  Schemas['LastMessage'],
  { direction: 'in' | 'out'; kind: MessageKind; author: Author; delivery_state: DeliveryState | null }
>;
export type Conversation = Refine<
  Schemas['ConversationView'],
  { status: ConversationStatus; priority: Priority; last_message: LastMessage | null }
>;
export type Counts = Schemas['CountsView'];
export type ConversationQuery = {
  status?: string;
  assignee?: string;
  team?: string;
  tag?: string;
  inbox?: string;
  contact?: string;
  q?: string;
  sort?: 'newest' | 'waiting';
  limit?: number;
  cursor?: string;
};
