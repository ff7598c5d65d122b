import { QueryClient, type InfiniteData } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import type { Conversation, Page, TimelineItem } from '@parley/kit/api';
import { flatten, type ListFilter } from '@parley/kit/realtime';
import { keys } from '../app/keys';
import { conversation, conversationFrame, itemFrame, message, minute, paged } from '../../../kit/src/realtime/testData';
import { applyFrame, frameLog } from './apply';
import { asking, replayLateFrames } from './replay';

const unassigned: ListFilter = { status: ['open'], assignee: 'none', sort: 'newest' };
const mine: ListFilter = { status: ['open'], assignee: 'me', sort: 'newest' };

function loaded() {
  const client = new QueryClient();
  client.setQueryData(keys.list(unassigned), paged([conversation('b', 2), conversation('a', 1)], 9));
  client.setQueryData(keys.list(mine), paged<Conversation>([], 9));
  client.setQueryData(keys.timeline('a'), paged<TimelineItem>([message('m1', 1)], 9));
  const rows = (filter: ListFilter) =>
    flatten(client.getQueryData<InfiniteData<Page<Conversation>>>(keys.list(filter))).map((row) => row.id);
  const items = () =>
    flatten(client.getQueryData<InfiniteData<Page<TimelineItem>>>(keys.timeline('a'))).map((item) => item.id);
  return { client, rows, items };
}

describe('frames and the cache', () => {
  it('move a row from one view to another', () => {
    const { client, rows } = loaded();
    applyFrame(client, conversationFrame(1, conversation('a', 1, { assignee: { id: 'me', name: 'Me' } })), 'me');
    expect(rows(unassigned)).toEqual(['b']);
    expect(rows(mine)).toEqual(['a']);
    expect(client.getQueryData<Conversation>(keys.conversation('a'))?.assignee?.id).toBe('me');
  });

  it('show a message in its thread and nowhere else', () => {
    const { client, items } = loaded();
    applyFrame(client, itemFrame(1, message('m2', 2)), 'me');
    applyFrame(client, itemFrame(2, message('x', 2, { conversation_id: 'b' })), 'me');
    expect(items()).toEqual(['m2', 'm1']);
    expect(client.getQueryData(keys.timeline('b'))).toBeUndefined();
  });

  it('take a note and an activity out by their own ids', () => {
    const { client, items } = loaded();
    const author = { type: 'member', id: 'me', name: 'Me' } as const;
    const note = { type: 'note', id: 'n1', conversation_id: 'a', author, text: 'n1', mentions: [], client_id: null, created_at: minute(2), is_readable: true } as const;
    applyFrame(client, itemFrame(1, { ...note, mentions: [] }), 'me');
    expect(items()).toEqual(['n1', 'm1']);
    applyFrame(client, { ...itemFrame(2, { ...note, mentions: [] }), object: null, gone: true }, 'me');
    expect(items()).toEqual(['m1']);
  });

  it('take a team and a tag out by their own ids', () => {
    const { client } = loaded();
    for (const noun of ['team', 'tag'] as const) {
      const key = noun === 'team' ? keys.teams : keys.tags;
      client.setQueryData(key, { items: [{ id: 'x' }, { id: 'y' }], next_cursor: null });
      const head = { prev: 0, seq: 1, type: `${noun}.deleted`, at: minute(0), ids: { [noun]: 'x' } };
      applyFrame(client, { ...head, object_type: noun, object: null, gone: true }, 'me');
      expect(client.getQueryData<Page<{ id: string }>>(key)?.items).toEqual([{ id: 'y' }]);
    }
  });

  it('take away what this member may no longer see', () => {
    const { client, rows } = loaded();
    applyFrame(client, { ...conversationFrame(1, conversation('a', 1)), object: null, gone: true }, 'me');
    expect(rows(unassigned)).toEqual(['b']);
    expect(client.getQueryData(keys.conversation('a'))).toBeNull();
  });

  it('are not undone by an answer that left the server before them', async () => {
    const { client, items } = loaded();
    const stop = replayLateFrames(client, () => 'me');
    const sent = message('m2', 2, { delivery: { state: 'sent', reason: null, at: '2026-01-05T09:05:00Z' } });
    await client.query({
      queryKey: keys.timeline('a'),
      queryFn: () => {
        const late = itemFrame(900, sent);
        frameLog.add(late);
        applyFrame(client, late, 'me');
        return Promise.resolve(paged<TimelineItem>([message('m1', 1)], 9));
      },
    });
    expect(items()).toEqual(['m2', 'm1']);
    stop();
  });

  it('win over the answer to an action that was asked before them', async () => {
    const { client } = loaded();
    const closed = conversation('a', 1, { status: 'closed' });
    await asking(client, 'me', async () => {
      const late = conversationFrame(901, closed);
      frameLog.add(late);
      applyFrame(client, late, 'me');
      return Promise.resolve(conversation('a', 1, { unread_count: 0 }));
    });
    expect(client.getQueryData<Conversation>(keys.conversation('a'))?.status).toBe('closed');
  });
});
