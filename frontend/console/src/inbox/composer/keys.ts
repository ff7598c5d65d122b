/** Which key presses send and which switch, by preference. */

import type { KeyboardEvent } from 'react';
import type { Preferences } from '../../app/preferences';

type Press = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'> & { isComposing: boolean };

/** What a key press in the text means; null leaves it to the text. */
export function meaning(press: Press, sendKey: Preferences['sendKey']): 'send' | 'switch' | null {
  if (press.isComposing || press.altKey) return null;
  const isMod = press.ctrlKey || press.metaKey;
  if (isMod && press.key === '.') return 'switch';
  if (press.key !== 'Enter' || press.shiftKey) return null;
  return isMod || sendKey === 'enter' ? 'send' : null;
}

export const pressOf = (event: KeyboardEvent): Press => ({
  key: event.key,
  shiftKey: event.shiftKey,
  ctrlKey: event.ctrlKey,
  metaKey: event.metaKey,
  altKey: event.altKey,
  isComposing: event.nativeEvent.isComposing,
});
