import type { Role } from '@parley/kit/api';

/** From the one who may most to the one who may least. */
export const roles: Role[] = ['owner', 'admin', 'manager', 'agent'];
