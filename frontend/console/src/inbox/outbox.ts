/** This tab's outbox, tied to the API and to the cache. */

import { addNote, newId, sendMessage, type Message, type Note } from '@parley/kit/api';
import { Outbox, type LocalFile, type OutboxEntry } from '@parley/kit/outbox';
import { idFor } from '@parley/kit/realtime';
import { queryClient } from '../app/queryClient';
import { keys } from '../app/keys';
import { applyFrame, applyItem, frameLog } from '../realtime/apply';
import { meQuery } from '../session/session';

async function send(entry: OutboxEntry): Promise<Message | Note> {
  const mark = frameLog.mark();
  const answer =
    entry.kind === 'note'
      ? await addNote(entry.conversationId, entry.body)
      : await sendMessage(entry.conversationId, entry.body);
  applyItem(queryClient, answer);
  const memberId = queryClient.getQueryData(meQuery.queryKey)?.member.id ?? '';
  for (const frame of frameLog.since(mark)) {
    if (idFor(frame) === answer.id) applyFrame(queryClient, frame, memberId);
  }
  void queryClient.invalidateQueries({ queryKey: keys.life(answer.id) });
  return answer;
}

export const outbox = new Outbox(send, (ms, run) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
});

type Words = {
  conversationId: string;
  text: string;
  files?: LocalFile[];
  replyTo?: OutboxEntry['replyTo'];
  interactive?: Extract<OutboxEntry, { kind: 'message' }>['body']['interactive'];
};

const start = (conversationId: string) => ({
  conversationId,
  createdAt: new Date().toISOString(),
  state: 'waiting' as const,
  error: null,
});

export function queueMessage({ conversationId, text, files = [], replyTo = null, interactive }: Words): void {
  const clientId = newId();
  const body = {
    client_id: clientId,
    ...(interactive ? { interactive } : text ? { text } : {}),
    ...(files.length > 0 ? { attachments: files.map((file) => file.id) } : {}),
    ...(replyTo ? { reply_to: replyTo.id } : {}),
  };
  outbox.add({ ...start(conversationId), clientId, files, replyTo, kind: 'message', body });
}

export function queueNote(conversationId: string, text: string, mentions: string[]): void {
  const clientId = newId();
  const body = { client_id: clientId, text, mentions };
  outbox.add({ ...start(conversationId), clientId, files: [], replyTo: null, kind: 'note', body });
}
