import { describe, expect, it } from 'vitest';
import { findCall, mentionsIn } from './mentions';

describe('calling a colleague', () => {
  it('begins with @ after a space and ends with the caret', () => {
    expect(findCall('ask @An', 7)).toEqual({ start: 4, words: 'An' });
    expect(findCall('@', 1)).toEqual({ start: 0, words: '' });
    expect(findCall('mail me@example', 15)).toBeNull();
    expect(findCall('@Ana done', 9)).toBeNull();
  });

  it('tells who was called', () => {
    const members = [
      { id: '1', display_name: 'Ana Vega' },
      { id: '2', display_name: 'Ben' },
    ];
    expect(mentionsIn('@Ana Vega and ben', members)).toEqual(['1']);
  });
});
