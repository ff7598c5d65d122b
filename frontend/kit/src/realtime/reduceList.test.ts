import { describe, expect, it } from 'vitest';
import type { Conversation } from '../api';
import { compareRows, matches, type ListFilter } from './match';
import { flatten, placeConversation } from './reduceList';
import { conversation, minute, paged } from './testData';

const unassigned: ListFilter = { status: ['open'], assignee: 'none', sort: 'newest' };
const mine: ListFilter = { status: ['open'], assignee: 'me', sort: 'newest' };
const ids = (rows: Conversation[]) => rows.map((row) => row.id);

/** What the server would answer now. */
const fresh = (rows: Conversation[], filter: ListFilter) =>
  rows
    .filter((row) => matches(row, filter, 'me'))
    .sort((a, b) => compareRows(a, b, filter.sort));

describe('a conversation frame', () => {
  const rows = [conversation('c', 3), conversation('b', 2), conversation('a', 1)];

  it('moves the row up when something arrives', () => {
    const { data } = placeConversation(paged(rows, 2), conversation('a', 9), unassigned, 'me');
    expect(ids(flatten(data))).toEqual(['a', 'c', 'b']);
  });

  it('moves the row between views when the assignee changes', () => {
    const taken = conversation('b', 2, { assignee: { id: 'me', name: 'Me' } });
    expect(ids(flatten(placeConversation(paged(rows, 2), taken, unassigned, 'me').data))).toEqual(['c', 'a']);
    expect(ids(flatten(placeConversation(paged([], 2), taken, mine, 'me').data))).toEqual(['b']);
  });

  it('takes the row out when it is closed and back in when it is reopened', () => {
    const closed = conversation('b', 2, { status: 'closed' });
    const without = placeConversation(paged(rows, 2), closed, unassigned, 'me').data;
    expect(ids(flatten(without))).toEqual(['c', 'a']);
    const again = placeConversation(without, conversation('b', 2), unassigned, 'me').data;
    expect(ids(flatten(again))).toEqual(['c', 'b', 'a']);
  });

  it('changes nothing when it comes twice', () => {
    const once = placeConversation(paged(rows, 2), conversation('a', 9), unassigned, 'me').data;
    const twice = placeConversation(once, conversation('a', 9), unassigned, 'me').data;
    expect(ids(flatten(twice))).toEqual(ids(flatten(once)));
  });

  it('leaves rows below the loaded ones to the next page', () => {
    const { data } = placeConversation(paged(rows, 3, true), conversation('z', 0), unassigned, 'me');
    expect(ids(flatten(data))).toEqual(['c', 'b', 'a']);
  });

  it('asks the server when only it can tell', () => {
    const found: ListFilter = { ...unassigned, q: 'invoice' };
    expect(placeConversation(paged(rows, 3), conversation('n', 9), found, 'me').mustRefetch).toBe(true);
    const known = placeConversation(paged(rows, 3), conversation('b', 2, { unread_count: 4 }), found, 'me');
    expect(known.mustRefetch).toBe(false);
    expect(flatten(known.data)[1]?.unread_count).toBe(4);
  });

  it('puts those who wait longest first, and those who do not wait last', () => {
    const waiting: ListFilter = { status: ['open'], sort: 'waiting' };
    const answered = conversation('a', 8, { waiting_since: null });
    const list = [conversation('b', 2, { waiting_since: minute(2) }), conversation('c', 3, { waiting_since: minute(3) })];
    expect(ids(flatten(placeConversation(paged(list, 5), answered, waiting, 'me').data))).toEqual(['b', 'c', 'a']);
  });

  it('lets the smaller id go first among those who wait equally long or not at all', () => {
    const waiting: ListFilter = { status: ['open'], sort: 'waiting' };
    const row = (id: string, at: number, since: string | null) => conversation(id, at, { waiting_since: since });
    const list = [row('c', 1, minute(2)), row('d', 9, null)];
    const placed = [row('a', 3, minute(2)), row('b', 1, null), row('e', 7, null)].reduce(
      (data, each) => placeConversation(data, each, waiting, 'me').data,
      paged(list, 9),
    );
    expect(ids(flatten(placed))).toEqual(['a', 'c', 'b', 'd', 'e']);
  });

  it('tells apart times that differ by less than a browser can count', () => {
    const waiting: ListFilter = { status: ['open'], sort: 'waiting' };
    const list = [conversation('a', 1, { waiting_since: '2026-01-05T09:00:00.000200Z' })];
    const earlier = conversation('b', 1, { waiting_since: '2026-01-05T09:00:00.000100Z' });
    expect(ids(flatten(placeConversation(paged(list, 9), earlier, waiting, 'me').data))).toEqual(['b', 'a']);
  });

  it('keeps the law: snapshot and frames give what a fresh fetch gives', () => {
    let seed = 7;
    const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
    const state = new Map(Array.from({ length: 12 }, (_, n) => [`c${n}`, conversation(`c${n}`, n)]));
    for (const filter of [unassigned, mine, { status: ['open', 'snoozed'], sort: 'waiting' } satisfies ListFilter]) {
      let data = paged(fresh([...state.values()], filter), 4);
      for (let step = 0; step < 300; step++) {
        const id = `c${random(14)}`;
        const next = conversation(id, random(50), {
          status: (['open', 'open', 'snoozed', 'closed'] as const)[random(4)] ?? 'open',
          assignee: random(2) ? { id: 'me', name: 'Me' } : null,
          waiting_since: random(3) ? minute(random(50)) : null,
        });
        state.set(id, next);
        data = placeConversation(data, next, filter, 'me').data;
        expect(flatten(data)).toEqual(fresh([...state.values()], filter));
      }
    }
  });
});
