/** What the console tells outside its window: title, sound, screen reader, the warning before leaving. */

import { useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '@parley/kit/api';
import { cappedCount } from '@parley/kit/format';
import { announce } from '../app/announce';
import { keys } from '../app/keys';
import { getPreferences } from '../app/preferences';
import { outbox } from '../inbox/outbox';
import { useCounts } from '../inbox/queries';
import { onFrame } from '../realtime/live';
import { nameOf } from '../app/words';

export function useTitleBadge(): void {
  const unread = useCounts().data?.unread_open ?? 0;
  useEffect(() => {
    document.title = unread > 0 ? `(${cappedCount(unread)}) Parley` : 'Parley';
  }, [unread]);
}

/** Reads arrivals out, and plays the sound where somebody asked for it and looks elsewhere. */
export function useArrivals(): void {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { conversationId } = useParams({ strict: false });
  useEffect(
    () =>
      onFrame((frame) => {
        if (frame.object_type !== 'message' || frame.object?.type !== 'message') return;
        const message = frame.object;
        if (message.direction !== 'in' || frame.type !== 'message.received') return;
        const row = client.getQueryData<Conversation>(keys.conversation(message.conversation_id));
        announce(t('inbox.announceMessage', { name: nameOf(row?.contact ?? message.author) }));
        const isSeen = conversationId === message.conversation_id && document.visibilityState === 'visible';
        if (getPreferences().hasSound && !isSeen) chime();
      }),
    [client, conversationId, t],
  );
}

/** Asks before the tab closes while something has not been sent. */
export function useUnsentGuard(): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (outbox.snapshot().length > 0) event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, []);
}

/** Two soft tones, made here: no file to load. */
export function chime(): void {
  const audio = new AudioContext();
  for (const [delay, pitch] of [
    [0, 660],
    [0.12, 880],
  ] as const) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const at = audio.currentTime + delay;
    tone.type = 'sine';
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.06, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.28);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.3);
  }
  setTimeout(() => void audio.close(), 800);
}
