/** The timeline of a conversation: messages, notes, activities. */

import type { MediaKind } from './channels';
import type { Author, DeliveryState } from './conversations';

export type MessageKind =
  | 'text'
  | MediaKind
  | 'location'
  | 'contacts'
  | 'choice'
  | 'form'
  | 'order'
  | 'interactive'
  | 'system'
  | 'unsupported';
export type Attachment = {
  id: string;
  kind: MediaKind;
  name: string | null;
  media_type: string;
  size: number | null;
  state: 'pending' | 'stored' | 'failed' | 'refused';
  reason: string | null;
  url: string | null;
  is_voice: boolean;
};
export type InteractiveButtons = {
  type: 'buttons';
  body: string;
  header?: string | null;
  footer?: string | null;
  buttons: { id: string; title: string }[];
};
export type InteractiveList = {
  type: 'list';
  body: string;
  header?: string | null;
  footer?: string | null;
  button: string;
  sections: { title: string; rows: { id: string; title: string; description?: string | null }[] }[];
};
export type Interactive = InteractiveButtons | InteractiveList;
export type LocationContent = {
  latitude: number;
  longitude: number;
  name?: string | null;
  address?: string | null;
  url?: string | null;
};
export type ContactsContent = {
  contacts: {
    name: string;
    phones: { phone: string; type?: string | null }[];
    emails: { email: string; type?: string | null }[];
    organization?: string | null;
  }[];
};
export type ChoiceContent = { id: string; title: string; description?: string | null; source: 'button' | 'list' | 'template' };
export type FormContent = { name: string | null; answers: Record<string, unknown> };
export type OrderContent = {
  catalog_id: string | null;
  text?: string | null;
  items: { product_id: string; quantity: number; price: number | string; currency: string }[];
};
export type SystemContent = { code: string; text: string | null };
export type UnsupportedContent = { code: string | number | null; title: string | null; details: string | null };
export type Content =
  | LocationContent
  | ContactsContent
  | ChoiceContent
  | FormContent
  | OrderContent
  | Interactive
  | SystemContent
  | UnsupportedContent;
export type DeliveryReason = { code: string; message: string; hint: string | null; can_retry: boolean };
export type Delivery = { state: DeliveryState; reason: DeliveryReason | null; at: string };
export type Reaction = { emoji: string; author: Author };
export type Referral = {
  headline?: string | null;
  body?: string | null;
  source_url?: string | null;
  media_type?: string | null;
};
export type Message = {
  type: 'message';
  id: string;
  conversation_id: string;
  direction: 'in' | 'out';
  kind: MessageKind;
  author: Author;
  text: string | null;
  attachments: Attachment[];
  reply_to: { id: string; author_name: string; preview: string | null; kind: MessageKind } | null;
  content: Content | null;
  reactions: Reaction[];
  external_id: string | null;
  client_id: string | null;
  sent_at: string;
  created_at: string;
  edited_at: string | null;
  revoked_at: string | null;
  /** The words before the last edit, where the server still keeps them. */
  text_before?: string | null;
  is_readable: boolean;
  delivery: Delivery | null;
  referral: Referral | null;
  is_forwarded: boolean;
};
export type Note = {
  type: 'note';
  id: string;
  conversation_id: string;
  author: Author;
  text: string | null;
  mentions: string[];
  client_id: string | null;
  created_at: string;
  is_readable: boolean;
};
export type ActivityVerb =
  | 'assigned'
  | 'unassigned'
  | 'team_set'
  | 'closed'
  | 'reopened'
  | 'snoozed'
  | 'woke'
  | 'priority_set'
  | 'tags_set'
  | 'number_changed'
  | 'created';
export type Activity = {
  type: 'activity';
  id: string;
  conversation_id: string;
  author: Author;
  verb: ActivityVerb;
  data: Record<string, unknown>;
  created_at: string;
};
export type TimelineItem = Message | Note | Activity;
export type LifeEvent = { at: string; event: string; detail: Record<string, unknown> };
