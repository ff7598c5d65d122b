import { describe, expect, it } from 'vitest';
import { commandTable, findCommand, nameOf } from './commands';

const press = (key: string, patch: Partial<KeyboardEvent> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...patch,
});

describe('keys', () => {
  it('tell a letter from the same letter with shift', () => {
    expect(findCommand(press('e'), null).id).toBe('conversation.close');
    expect(findCommand(press('E', { shiftKey: true }), null).id).toBe('conversation.closeNext');
  });

  it('find signs wherever the layout puts them', () => {
    expect(findCommand(press('?', { shiftKey: true }), null).id).toBe('help');
    expect(findCommand(press('/', { shiftKey: true }), null).id).toBe('list.search');
  });

  it('wait for the second key of a pair', () => {
    expect(findCommand(press('g'), null)).toEqual({ id: null, isFirst: true });
    expect(findCommand(press('m'), 'g').id).toBe('go.mine');
    expect(findCommand(press('x'), 'g')).toEqual({ id: null, isFirst: false });
  });

  it('leave the browser and other layouts alone', () => {
    expect(nameOf(press('e', { altKey: true }))).toBeNull();
    expect(findCommand(press('r', { ctrlKey: true }), null).id).toBeNull();
    expect(findCommand(press('k', { metaKey: true }), null).id).toBe('palette');
  });

  it('are each given once', () => {
    const all = commandTable.map((command) => command.keys);
    expect(new Set(all).size).toBe(all.length);
  });
});
