import { describe, expect, it } from 'vitest';
import { meaning } from './keys';

const press = (patch: Partial<Parameters<typeof meaning>[0]>) => ({
  key: 'Enter',
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  ...patch,
});

describe('keys in the composer', () => {
  it('send by Enter or by Ctrl and Enter, as preferred', () => {
    expect(meaning(press({}), 'enter')).toBe('send');
    expect(meaning(press({ shiftKey: true }), 'enter')).toBeNull();
    expect(meaning(press({}), 'mod+enter')).toBeNull();
    expect(meaning(press({ metaKey: true }), 'mod+enter')).toBe('send');
  });

  it('never send while an input method is composing', () => {
    expect(meaning(press({ isComposing: true }), 'enter')).toBeNull();
  });

  it('switch between reply and note', () => {
    expect(meaning(press({ key: '.', ctrlKey: true }), 'enter')).toBe('switch');
  });
});
