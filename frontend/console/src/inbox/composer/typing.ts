/** Tells the contact that somebody is typing, at most once every few seconds. */

import { useRef } from 'react';
import { tellTyping } from '@parley/kit/api';

const EVERY_MS = 15_000;

export function useTypingSignal(conversationId: string, isOn: boolean): () => void {
  const last = useRef(0);
  return () => {
    if (!isOn || Date.now() - last.current < EVERY_MS) return;
    last.current = Date.now();
    // Politeness only: nobody needs to know when it did not work.
    tellTyping(conversationId).catch(() => undefined);
  };
}
