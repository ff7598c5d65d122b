import { describe, expect, it } from 'vitest';
import type { Activity, TimelineItem } from '@parley/kit/api';
import { message, minute } from '../../../../kit/src/realtime/testData';
import { buildRows, findFirstNew } from './rows';

const activity = (id: string, at: number): Activity => ({
  type: 'activity',
  id,
  conversation_id: 'a',
  author: { type: 'member', id: 'me', name: 'Me' },
  verb: 'assigned',
  data: {},
  created_at: minute(at),
});
const inbound = (id: string, at: number) =>
  message(id, at, { direction: 'in', author: { type: 'contact', id: 'c', name: 'Lea' } });
const shape = (items: TimelineItem[], firstNew: string | null = null) =>
  buildRows(items, [], firstNew).map((row) =>
    row.kind === 'message' ? `${row.message.id}${row.isFirst ? '<' : ''}${row.isLast ? '>' : ''}` : row.kind,
  );

describe('the rows of a thread', () => {
  it('begin each day with its name and group what one person wrote', () => {
    expect(shape([inbound('a', 1), inbound('b', 2), inbound('c', 20), message('d', 21), inbound('e', 60 * 30)])).toEqual([
      'day',
      'a<',
      'b>',
      'c<>',
      'd<>',
      'day',
      'e<>',
    ]);
  });

  it('fold neighbouring activities into one row and part groups', () => {
    expect(shape([inbound('a', 1), activity('x', 2), activity('y', 2), inbound('b', 3)])).toEqual([
      'day',
      'a<>',
      'activities',
      'b<>',
    ]);
  });

  it('draw the line above the first unread message', () => {
    const items = [inbound('a', 1), message('m', 2), inbound('b', 3), inbound('c', 4)];
    expect(findFirstNew(items, 2)).toBe('b');
    expect(findFirstNew(items, 99)).toBe('a');
    expect(findFirstNew(items, 0)).toBeNull();
    expect(shape(items, 'b')).toEqual(['day', 'a<>', 'm<>', 'new', 'b<', 'c>']);
  });

  it('keep the key of a message that was sent from here', () => {
    const sent = buildRows([message('m', 1, { client_id: 'mine' })], [], null);
    expect(sent.at(-1)?.key).toBe('mine');
  });
});
