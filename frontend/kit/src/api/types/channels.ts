/** Channels and inboxes: where contacts write. */

export type ChannelField = {
  name: string;
  label: string;
  kind: 'text' | 'secret';
  help: string;
  required: boolean;
  pattern?: string | null;
};
export type Channel = {
  channel: string;
  label: string;
  fields: ChannelField[];
  hook: { url: string; verify_token: string } | null;
  docs: string | null;
};
export type MediaKind = 'image' | 'video' | 'audio' | 'voice' | 'document' | 'sticker';
export type Capabilities = {
  max_text: number;
  formats: 'whatsapp' | 'plain';
  reactions: boolean;
  reply_to: boolean;
  typing: boolean;
  buttons: { max: number; title_max: number } | null;
  list: { max_rows: number; title_max: number; description_max: number; button_max: number } | null;
  media: Partial<Record<MediaKind, { max_bytes: number; types: string[] }>>;
  caption_max: number;
};
export type Inbox = {
  id: string;
  name: string;
  channel: string;
  external_id: string;
  state: 'connected' | 'needs_attention' | 'disconnected';
  state_code: string | null;
  state_message: string | null;
  display: { title: string; subtitle: string | null; quality?: string | null };
  capabilities: Capabilities;
  created_at: string;
  last_received_at: string | null;
  last_sent_at: string | null;
};
export type InboxCheck = {
  is_ok: boolean;
  display: Inbox['display'] | null;
  problems: { code: string; field?: string | null; message: string }[];
};

