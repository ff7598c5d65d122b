/** The event log by long poll, for networks that let no socket through. */

import { http, unwrap } from '../client';
import type { EventsPage } from '../types';

export async function pollEvents(after: number, signal: AbortSignal): Promise<EventsPage> {
  const page: unknown = await unwrap(http.GET('/events', { params: { query: { after, wait: 25 } }, signal }));
  return page as EventsPage;
}
