/**
 * Answers and frames race. The one rule here: an answer never undoes a frame that came after its question.
 */

import type { Query, QueryClient } from '@tanstack/react-query';
import type { Conversation } from '@parley/kit/api';
import { applyConversation, applyFrame, frameLog } from './apply';

/** Applies to every fetched answer the frames that came while it was on its way; gives the way to stop. */
export function replayLateFrames(client: QueryClient, memberId: () => string | undefined): () => void {
  const marks = new Map<string, number>();
  return client.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated') return;
    const { action } = event;
    const query = event.query as Query;
    if (action.type === 'fetch') marks.set(query.queryHash, frameLog.mark());
    else if (action.type === 'success' && !action.manual) replay(client, query, marks, memberId());
  });
}

function replay(client: QueryClient, query: Query, marks: Map<string, number>, memberId: string | undefined): void {
  const mark = marks.get(query.queryHash);
  marks.delete(query.queryHash);
  if (mark === undefined || memberId === undefined) return;
  for (const frame of frameLog.since(mark)) applyFrame(client, frame, memberId);
}

/** Makes a call that answers with a conversation and brings the answer into the cache. */
export async function asking(
  client: QueryClient,
  memberId: string,
  call: () => Promise<Conversation>,
): Promise<Conversation> {
  const mark = frameLog.mark();
  const answer = await call();
  applyConversation(client, answer, memberId);
  for (const frame of frameLog.since(mark)) {
    if (frame.ids.conversation === answer.id) applyFrame(client, frame, memberId);
  }
  return answer;
}
