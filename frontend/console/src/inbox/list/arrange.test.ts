import { describe, expect, it } from 'vitest';
import { arrange } from './arrange';

const rows = (ids: string) => Array.from(ids).map((id) => ({ id, unread_count: 1 }));
const shown = (result: { rows: { id: string }[] }) => result.rows.map((row) => row.id).join('');

describe('rows under the cursor', () => {
  it('follow the server when nobody points at them', () => {
    expect(arrange(rows('cab'), null)).toEqual({ rows: rows('cab'), held: 0 });
  });

  it('stay where they are when something new arrives above', () => {
    const result = arrange(rows('xabc'), ['a', 'b', 'c']);
    expect(shown(result)).toBe('abc');
    expect(result.held).toBe(1);
  });

  it('stay where they are when one of them rises', () => {
    const result = arrange(rows('cab'), ['a', 'b', 'c']);
    expect(shown(result)).toBe('abc');
    expect(result.held).toBe(1);
  });

  it('count no reply of the team as news', () => {
    const [risen, ...others] = rows('cab');
    const result = arrange([{ id: risen?.id ?? '', unread_count: 0 }, ...others], ['a', 'b', 'c']);
    expect([shown(result), result.held]).toEqual(['abc', 0]);
  });

  it('close the gap when one of them leaves', () => {
    expect(shown(arrange(rows('ac'), ['a', 'b', 'c']))).toBe('ac');
  });

  it('grow downwards without counting as news', () => {
    expect(arrange(rows('abcde'), ['a', 'b', 'c'])).toEqual({ rows: rows('abcde'), held: 0 });
  });

  it('start anew when none of them is left', () => {
    expect(shown(arrange(rows('xy'), ['a', 'b']))).toBe('xy');
  });
});
