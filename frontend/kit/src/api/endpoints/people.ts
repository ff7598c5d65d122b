/** Members, invitations, teams, API tokens. */

import { http, idempotent, unwrap } from '../client';
import type { ApiToken, Invitation, Member, NewApiToken, Page, Role, RoleRow, Team } from '../types';

export const listMembers = (): Promise<Page<Member>> =>
  unwrap(http.GET('/members', { params: { query: { limit: 200 } } }));
export const updateMember = (id: string, body: { role?: Role; is_active?: boolean }): Promise<Member> =>
  unwrap(http.PATCH('/members/{id}', { params: { path: { id } }, body }));
export const listInvitations = (): Promise<Page<Invitation>> => unwrap(http.GET('/members/invitations'));
export const invite = (email: string, role: Role): Promise<Invitation> =>
  unwrap(http.POST('/members/invitations', { body: { email, role }, params: { header: idempotent() } }));
export const revokeInvitation = (id: string): Promise<undefined> =>
  unwrap(http.DELETE('/members/invitations/{id}', { params: { path: { id } } }));
export const listRoles = (): Promise<Page<RoleRow>> => unwrap(http.GET('/roles'));
export const listTeams = (): Promise<Page<Team>> => unwrap(http.GET('/teams'));
export const addTeam = (name: string): Promise<Team> =>
  unwrap(http.POST('/teams', { body: { name }, params: { header: idempotent() } }));
export const setTeamMembers = (id: string, member_ids: string[]): Promise<Team> =>
  unwrap(http.PUT('/teams/{id}/members', { params: { path: { id } }, body: { member_ids } }));
export const deleteTeam = (id: string): Promise<undefined> =>
  unwrap(http.DELETE('/teams/{id}', { params: { path: { id } } }));
export const listTokens = (): Promise<Page<ApiToken>> => unwrap(http.GET('/api-tokens'));
export const addToken = (body: { name: string; role?: Role; expires_in_days?: number }): Promise<NewApiToken> =>
  unwrap(http.POST('/api-tokens', { body, params: { header: idempotent() } }));
export const deleteToken = (id: string): Promise<undefined> =>
  unwrap(http.DELETE('/api-tokens/{id}', { params: { path: { id } } }));
