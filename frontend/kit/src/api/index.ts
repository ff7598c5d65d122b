/** The door to the server: types, calls, errors. Screens import from here and nowhere deeper. */

export * from './endpoints/auth';
export * from './endpoints/channels';
export * from './endpoints/conversations';
export * from './endpoints/events';
export * from './endpoints/files';
export * from './endpoints/people';
export { API_ROOT, newId } from './client';
export { ApiError, NetworkError, isApiError, isTransient } from './errors';
export type * from './types';
