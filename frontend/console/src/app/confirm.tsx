/** Questions before something that cannot be undone. */

import { lazy, Suspense, useSyncExternalStore } from 'react';

export type Question = { title: string; text: string; confirm: string; onConfirm: () => void };

const ConfirmDialog = lazy(() => import('./ConfirmDialog').then((room) => ({ default: room.ConfirmDialog })));

let question: Question | null = null;
const listeners = new Set<() => void>();

function set(next: Question | null): void {
  question = next;
  for (const listener of listeners) listener();
}

export const askToConfirm = (next: Question): void => set(next);

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function Confirmations() {
  const asked = useSyncExternalStore(subscribe, () => question);
  return <Suspense fallback={null}>{asked && <ConfirmDialog question={asked} onClose={() => set(null)} />}</Suspense>;
}
