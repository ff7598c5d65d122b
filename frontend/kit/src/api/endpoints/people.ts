/** Members, invitations, teams, API tokens. */

import { http, idempotent, unwrap } from '../client';
import type { ApiToken, Invitation, Member, NewApiToken, Page, Role, RoleRow, Team } from '../types';

export const listMembers = (): Promise<Page<Member>> =>
  unwrap(http.GET('/api/v1/members'));
export const updateMember = (id: string, body: { role?: Role; is_active?: boolean }): Promise<Member> =>
  unwrap(http.PATCH('/api/v1/members/{member_id}', { params: { path: { member_id: id } }, body }));
export const listInvitations = (): Promise<Page<Invitation>> => unwrap(http.GET('/api/v1/members/invitations'));
export const invite = (email: string, role: Role): Promise<Invitation> =>
  unwrap(http.POST('/api/v1/members/invitations', { body: { email, role }, headers: idempotent() }));
export const revokeInvitation = (id: string): Promise<undefined> =>
  unwrap(http.DELETE('/api/v1/members/invitations/{invitation_id}', { params: { path: { invitation_id: id } } }));
export const listRoles = (): Promise<Page<RoleRow>> => unwrap(http.GET('/api/v1/roles'));
export const listTeams = (): Promise<Page<Team>> => unwrap(http.GET('/api/v1/teams'));
export const addTeam = (name: string): Promise<Team> =>
  unwrap(http.POST('/api/v1/teams', { body: { name }, headers: idempotent() }));
export const setTeamMembers = (id: string, member_ids: string[]): Promise<Team> =>
  unwrap(http.PUT('/api/v1/teams/{team_id}/members', { params: { path: { team_id: id } }, body: { member_ids } }));
export const deleteTeam = (id: string): Promise<undefined> =>
  unwrap(http.DELETE('/api/v1/teams/{team_id}', { params: { path: { team_id: id } } }));
export const listTokens = (): Promise<Page<ApiToken>> => unwrap(http.GET('/api/v1/api-tokens'));
export const addToken = (body: { name: string; role: Role; expires_in_days: number | null }): Promise<NewApiToken> =>
  unwrap(http.POST('/api/v1/api-tokens', { body, headers: idempotent() }));
export const deleteToken = (id: string): Promise<undefined> =>
  unwrap(http.DELETE('/api/v1/api-tokens/{token_id}', { params: { path: { token_id: id } } }));
