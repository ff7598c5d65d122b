/** The event log by long poll, for networks that let no socket through. */

import { http, unwrap } from '../client';
import type { EventsPage } from '../types';

export const pollEvents = (after: number, signal: AbortSignal): Promise<EventsPage> =>
  unwrap(http.GET('/api/v1/events', { params: { query: { after, wait: 25 } }, signal }));
