/** Listens to the keyboard for commands, never while somebody is typing or a dialog is open. */

import { useEffect } from 'react';
import { findCommand, runCommand } from './commands';

const PAIR_MS = 1200;
const BUSY = 'input, textarea, select, [contenteditable="true"], [role="dialog"], [role="menu"], [role="listbox"]';

const isBusy = (target: EventTarget | null) => target instanceof Element && target.closest(BUSY) !== null;

/** A button or link that has the focus keeps its own Enter. */
const ownsEnter = (target: EventTarget | null) =>
  target instanceof Element && target.closest('a, button, [role="button"], summary') !== null;

export function useKeyboard(isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return undefined;
    let first: { name: string; at: number } | null = null;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.repeat) return;
      const isPalette = (event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k';
      if (isBusy(event.target) && !isPalette) return;
      if (event.key === 'Enter' && ownsEnter(event.target)) return;
      const pending = first && event.timeStamp - first.at < PAIR_MS ? first.name : null;
      first = null;
      const found = findCommand(event, pending);
      if (found.isFirst) first = { name: event.key.toLowerCase(), at: event.timeStamp };
      else if (found.id && runCommand(found.id)) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [isOn]);
}
