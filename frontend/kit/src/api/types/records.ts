/** Contacts, items and the frames of the event log. */

import type { Inbox } from './channels';
import type { Conversation, Tag } from './conversations';
import type { Member, Team } from './people';
import type { Refine, Schemas } from './refine';
import type { TimelineItem } from './timeline';

export type Identity = Schemas['IdentityView'];
export type Contact = Schemas['ContactView'];

export type ItemState = 'waiting' | 'quarantined' | 'parked' | 'processed';
export type Item = Refine<Schemas['ItemView'], { state: ItemState }>;
export type ItemWithPayload = Schemas['ItemOut'];
export type UploadedFile = Schemas['FileOut'];

type FrameNoun =
  | 'conversation'
  | 'message'
  | 'note'
  | 'activity'
  | 'inbox'
  | 'member'
  | 'team'
  | 'tag'
  | 'contact';
type FrameHead = {
  prev: number;
  seq: number;
  type: string;
  at: string;
  ids: Partial<Record<FrameNoun, string>>;
  gone?: boolean;
};
type FrameBody =
  | { object_type: 'conversation'; object: Conversation | null }
  | { object_type: 'message' | 'note' | 'activity'; object: TimelineItem | null }
  | { object_type: 'inbox'; object: Inbox | null }
  | { object_type: 'member'; object: Member | null }
  | { object_type: 'team'; object: Team | null }
  | { object_type: 'tag'; object: Tag | null }
  | { object_type: 'contact'; object: Contact | null }
  | { object_type: null; object: null };
/** One entry of the event log as this viewer may see it. */
export type Frame = FrameHead & FrameBody;
export type StreamMessage = { type: 'hello'; seq: number } | { type: 'resync' } | { type: 'pong' } | Frame;
export type EventsPage = { frames: Frame[]; seq: number };
