/** People and access: who signs in, what they may do. */

import type { Schemas } from './refine';

export type Role = Schemas['Role'];
export type Me = Schemas['MeOut'];
export type Config = Schemas['ConfigOut'];
export type NewAccount = Schemas['SignUpIn'];
export type Profile = Schemas['ProfileIn'];
export type InvitationPreview = Schemas['OfferOut'];
export type Acceptance = Schemas['AcceptIn'];

export type Member = Schemas['MemberOut'];
export type Invitation = Schemas['InvitationOut'];
export type RoleRow = Schemas['RoleOut'];
export type Team = Schemas['TeamOut'];
export type ApiToken = Schemas['TokenOut'];
export type NewApiToken = Schemas['NewTokenOut'];
