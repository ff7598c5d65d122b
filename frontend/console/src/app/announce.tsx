/** Says things to assistive technology, politely. */

import { useSyncExternalStore } from 'react';

let text = '';
const listeners = new Set<() => void>();

/** Has the text read out once nothing else is being read. */
export function announce(words: string): void {
  // The same words twice in a row would not be read again.
  text = words === text ? `${words}\u00a0` : words;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function Announcer() {
  const words = useSyncExternalStore(subscribe, () => text);
  return (
    <div className="p-hidden" role="status" aria-live="polite" data-testid="announcer">
      {words}
    </div>
  );
}
