/** Signing in and out, oneself, invitations as the invited person sees them. */

import { http, idempotent, unwrap } from '../client';
import type { Acceptance, Config, InvitationPreview, Me, NewAccount, Profile } from '../types';

export const getMe = (): Promise<Me> => unwrap(http.GET('/api/v1/me'));
export const getConfig = (): Promise<Config> => unwrap(http.GET('/api/v1/config'));
export const signIn = (email: string, password: string): Promise<Me> =>
  unwrap(http.POST('/api/v1/auth/sign-in', { body: { email, password } }));
export const signUp = (body: NewAccount): Promise<Me> =>
  unwrap(http.POST('/api/v1/auth/sign-up', { body, headers: idempotent() }));
export const signOut = (): Promise<undefined> => unwrap(http.POST('/api/v1/auth/sign-out'));
export const switchWorkspace = (workspace_id: string): Promise<Me> =>
  unwrap(http.POST('/api/v1/auth/workspace', { body: { workspace_id } }));
export const updateMe = (body: Profile): Promise<Me> => unwrap(http.PATCH('/api/v1/me', { body }));
export const changePassword = (current_password: string, new_password: string): Promise<undefined> =>
  unwrap(http.POST('/api/v1/me/password', { body: { current_password, new_password } }));
export const getInvitation = (token: string): Promise<InvitationPreview> =>
  unwrap(http.GET('/api/v1/invitations/{token}', { params: { path: { token } } }));
export const acceptInvitation = (token: string, body: Acceptance): Promise<Me> =>
  unwrap(http.POST('/api/v1/invitations/{token}/accept', { params: { path: { token } }, body }));
