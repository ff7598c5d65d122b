/** Channels and inboxes: where contacts write. */

import type { Refine, Schemas } from './refine';

export type ChannelField = Refine<Schemas['FormField'], { kind: 'text' | 'secret' }>;
export type Channel = Refine<Schemas['ChannelOut'], { fields: ChannelField[] }>;
export type MediaKind = 'image' | 'video' | 'audio' | 'voice' | 'document' | 'sticker';
export type Capabilities = Refine<
  Schemas['Capabilities'],
  { formats: 'whatsapp' | 'plain'; media: Record<string, Schemas['MediaRule']> }
>;
/** What the vendor says about a number or page; `title` is always there once it was checked. */
export type Display = Record<string, string>;
export type Inbox = Refine<
  Schemas['InboxOut'],
  { state: 'connected' | 'needs_attention' | 'disconnected'; capabilities: Capabilities; display: Display }
>;
export type InboxCheck = Refine<Schemas['CheckOut'], { display: Display | null }>;
