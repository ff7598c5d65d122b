/** The timeline of a conversation: messages, notes, activities. */

import type { MediaKind } from './channels';
import type { Author, DeliveryState } from './conversations';
import type { Refine, Schemas } from './refine';

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
export type Attachment = Refine<
  Schemas['AttachmentView'],
  { kind: MediaKind; state: 'pending' | 'stored' | 'failed' | 'refused' }
>;
export type InteractiveButtons = Schemas['ButtonsIn'];
export type InteractiveList = Schemas['ListIn'];
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
export type DeliveryReason = Schemas['ReasonView'];
export type Delivery = Refine<Schemas['DeliveryView'], { state: DeliveryState }>;
export type Reaction = Refine<Schemas['ReactionView'], { author: Author }>;
export type Quoted = Refine<Schemas['ReplyView'], { kind: MessageKind }>;
export type Referral = {
  headline?: string | null;
  body?: string | null;
  source_url?: string | null;
  media_type?: string | null;
};
export type Message = Refine<
  Schemas['MessageView'],
  {
    direction: 'in' | 'out';
    kind: MessageKind;
    author: Author;
    attachments: Attachment[];
    reply_to: Quoted | null;
    content: Content | null;
    reactions: Reaction[];
    delivery: Delivery | null;
    referral: Referral | null;
  }
> & {
  /** The words before the last edit, where the server still tells them. */
  text_before?: string | null;
};
export type Note = Refine<Schemas['NoteView'], { author: Author }>;
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
export type Activity = Refine<Schemas['ActivityView'], { author: Author; verb: ActivityVerb }>;
export type TimelineItem = Message | Note | Activity;
export type LifeEvent = Schemas['LifeEvent'];

export type NewMessage = Omit<Schemas['MessageIn'], 'is_voice'>;
export type NewNote = Schemas['NoteIn'];
