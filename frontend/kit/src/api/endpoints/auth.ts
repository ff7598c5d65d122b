/** Signing in and out, oneself, invitations as the invited person sees them. */

import { http, idempotent, unwrap } from '../client';
import type { NewAccount } from '../schema';
import type { Config, InvitationPreview, Me } from '../types';

export const getMe = (): Promise<Me> => unwrap(http.GET('/me'));
export const getConfig = (): Promise<Config> => unwrap(http.GET('/config'));
export const signIn = (email: string, password: string): Promise<Me> =>
  unwrap(http.POST('/auth/sign-in', { body: { email, password } }));
export const signUp = (body: NewAccount): Promise<Me> =>
  unwrap(http.POST('/auth/sign-up', { body, params: { header: idempotent() } }));
export const signOut = (): Promise<undefined> => unwrap(http.POST('/auth/sign-out'));
export const switchWorkspace = (workspace_id: string): Promise<Me> =>
  unwrap(http.POST('/auth/workspace', { body: { workspace_id } }));
export const updateMe = (body: {
  name?: string;
  display_name?: string;
  locale?: string;
  time_zone?: string;
}): Promise<Me> => unwrap(http.PATCH('/me', { body }));
export const changePassword = (current_password: string, new_password: string): Promise<undefined> =>
  unwrap(http.POST('/me/password', { body: { current_password, new_password } }));
export const getInvitation = (token: string): Promise<InvitationPreview> =>
  unwrap(http.GET('/invitations/{token}', { params: { path: { token } } }));
export const acceptInvitation = (token: string, body: { name?: string; password: string }): Promise<Me> =>
  unwrap(http.POST('/invitations/{token}/accept', { params: { path: { token } }, body }));
