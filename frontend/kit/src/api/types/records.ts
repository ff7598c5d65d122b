/** Contacts, items and the frames of the event log. */

import type { Inbox } from './channels';
import type { Conversation, Tag } from './conversations';
import type { Member, Team } from './people';
import type { TimelineItem } from './timeline';

export type Identity = {
  id: string;
  namespace: string;
  external_id: string;
  display: string | null;
  username: string | null;
  verified: boolean;
};
export type Contact = {
  id: string;
  name: string;
  name_source: string | null;
  first_wrote_at: string | null;
  first_wrote_via: { inbox_id: string; channel: string } | null;
  is_restricted: boolean;
  identities: Identity[];
  locale: string | null;
  created_at: string;
  open_conversations: number;
};

export type ItemState = 'waiting' | 'processed' | 'quarantined' | 'dropped';
export type Item = {
  id: string;
  inbox_id: string | null;
  channel: string;
  kind: string;
  state: ItemState;
  error_code: string | null;
  error_message: string | null;
  received_at: string;
  processed_at: string | null;
  starts: number;
};
export type ItemWithPayload = Item & { payload: unknown };
export type UploadedFile = { id: string; name: string; media_type: string; size: number; kind: string };

type FrameHead = {
  prev: number;
  seq: number;
  type: string;
  at: string;
  ids: { conversation?: string; message?: string; contact?: string; inbox?: string; member?: string };
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
