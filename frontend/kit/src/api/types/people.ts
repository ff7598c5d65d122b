/** People and access: who signs in, what they may do. */

export type Role = 'owner' | 'admin' | 'manager' | 'agent';
export type Me = {
  user: { id: string; name: string; email: string; locale: string | null; time_zone: string | null };
  member: { id: string; display_name: string; role: Role };
  permissions: string[];
  workspace: { id: string; slug: string; name: string; region: string };
  workspaces: { id: string; slug: string; name: string }[];
  event_seq: number;
  is_demo: boolean;
};
export type Config = { sign_up_open: boolean; is_demo: boolean; version: string };
export type InvitationPreview = {
  workspace_name: string;
  email: string;
  role: Role;
  inviter_name: string;
  has_account: boolean;
  expires_at: string;
};

export type Member = {
  id: string;
  user_id: string;
  name: string;
  display_name: string;
  email: string;
  role: Role;
  is_active: boolean;
  last_seen_at: string | null;
  created_at: string;
};
export type Invitation = {
  id: string;
  email: string;
  role: Role;
  inviter_name: string;
  created_at: string;
  expires_at: string;
  url?: string | null;
};
export type RoleRow = { role: Role; permissions: string[] };
export type Team = { id: string; name: string; member_ids: string[] };
export type ApiToken = {
  id: string;
  name: string;
  prefix: string;
  scopes: string[];
  role: Role;
  created_at: string;
  last_used_at: string | null;
  expires_at: string | null;
};
export type NewApiToken = ApiToken & { secret: string };

