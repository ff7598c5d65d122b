/** The outside of a connection as a browser has it. */

import { API_ROOT, pollEvents } from '../api';
import type { Connection, Outside, SocketLike } from './connection';

export const browserOutside: Outside = {
  openSocket: (after) => {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(`${scheme}://${location.host}${API_ROOT}/stream?after=${after}`);
    const like: SocketLike = {
      onmessage: null,
      onclose: null,
      send: (text) => socket.send(text),
      close: () => socket.close(),
    };
    socket.onmessage = (event: MessageEvent<unknown>) => like.onmessage?.({ data: event.data });
    socket.onclose = (event) => like.onclose?.({ code: event.code });
    return like;
  },
  poll: pollEvents,
  later: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
  isOnline: () => navigator.onLine,
};

/** Tells the connection when the network comes and goes and when the page wakes; gives the way to stop. */
export function watchBrowser(connection: Connection): () => void {
  const wake = () => connection.wake();
  const sleep = () => connection.sleep();
  const look = () => {
    if (document.visibilityState === 'visible') connection.wake();
  };
  window.addEventListener('online', wake);
  window.addEventListener('offline', sleep);
  document.addEventListener('visibilitychange', look);
  return () => {
    window.removeEventListener('online', wake);
    window.removeEventListener('offline', sleep);
    document.removeEventListener('visibilitychange', look);
  };
}
