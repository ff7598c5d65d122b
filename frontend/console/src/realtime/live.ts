/** The live connection of this tab, tied to the cache. */

import type { QueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { getMe, type Frame } from '@parley/kit/api';
import { browserOutside, Connection, watchBrowser, type ConnectionState } from '@parley/kit/realtime';
import { keys } from '../app/keys';
import { useMe } from '../session/session';
import { applyFrame, frameLog } from './apply';
import { replayLateFrames } from './replay';

const COUNTS_MS = 1000;

let state: ConnectionState = 'connecting';
const stateListeners = new Set<() => void>();
const frameListeners = new Set<(frame: Frame) => void>();

const subscribe = (listener: () => void) => {
  stateListeners.add(listener);
  return () => stateListeners.delete(listener);
};
export const useConnectionState = (): ConnectionState => useSyncExternalStore(subscribe, () => state);

/** Hears every fresh frame after the cache knows it; gives the way to stop. */
export function onFrame(listener: (frame: Frame) => void): () => void {
  frameListeners.add(listener);
  return () => frameListeners.delete(listener);
}

/** Runs at most once a second, and once more after the last call. */
function throttled(run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let last = 0;
  return () => {
    timer ??= setTimeout(
      () => {
        timer = null;
        last = Date.now();
        run();
      },
      Math.max(0, COUNTS_MS - (Date.now() - last)),
    );
  };
}

/** Keeps the cache in step with the server while a session is open. */
export function useLiveConnection(client: QueryClient, whenBack: () => void): void {
  const me = useMe();
  const memberId = me.member.id;
  useEffect(() => {
    const recount = throttled(() => void client.invalidateQueries({ queryKey: keys.counts }));
    const setState = (next: ConnectionState) => {
      state = next;
      for (const listener of stateListeners) listener();
      if (next === 'live' || next === 'polling') whenBack();
    };
    const connection = new Connection(browserOutside, {
      onFrames: (frames) => {
        for (const frame of frames) {
          if (!frameLog.add(frame)) continue;
          applyFrame(client, frame, memberId);
          if (frame.object_type === 'conversation') recount();
          for (const listener of frameListeners) listener(frame);
        }
      },
      onResync: async () => {
        const fresh = await getMe();
        frameLog.clear();
        client.setQueryData(keys.me, fresh);
        await client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'me' });
        return fresh.event_seq;
      },
      onSignedOut: () => client.setQueryData(keys.me, null),
      onState: setState,
    });
    const stopReplay = replayLateFrames(client, () => memberId);
    const stopWatching = watchBrowser(connection);
    connection.start(me.event_seq);
    return () => {
      stopWatching();
      stopReplay();
      connection.stop();
    };
    // The number to start from is the one of the first answer: later ones come by frames.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [client, memberId]);
}
