import { describe, expect, it } from 'vitest';
import { filterOf, readInboxSearch, statusesOf } from './search';

describe('the address of a list', () => {
  it('means everything open when it says nothing', () => {
    expect(filterOf(readInboxSearch({}))).toEqual({ status: ['open'], sort: 'newest' });
  });

  it('keeps what it knows and drops what it does not', () => {
    expect(readInboxSearch({ view: 'mine', status: 'pending,nonsense,open', sort: 'worst', page: 4 })).toEqual({
      view: 'mine',
      status: 'open,pending',
    });
    expect(readInboxSearch({ view: 'all', status: 'open' })).toEqual({});
  });

  it('names whose conversations it wants', () => {
    expect(filterOf({ view: 'mine' }).assignee).toBe('me');
    expect(filterOf({ view: 'unassigned', sort: 'waiting' })).toEqual({
      status: ['open'],
      sort: 'waiting',
      assignee: 'none',
    });
    expect(statusesOf({ view: 'closed', status: 'open' })).toEqual(['closed']);
  });

  it('searches in every status unless some were chosen', () => {
    expect(statusesOf({ q: 'invoice' })).toEqual(['open', 'pending', 'snoozed', 'closed']);
    expect(statusesOf({ q: 'invoice', status: 'pending' })).toEqual(['pending']);
  });
});
