import { describe, expect, it } from 'vitest';
import type { EventsPage, Frame } from '../api';
import { backoff } from './backoff';
import { Connection, type ConnectionState, type Outside, type SocketLike } from './connection';
import { conversation, conversationFrame } from './testData';

type FakeSocket = SocketLike & { after: number; sent: string[]; isClosed: boolean };

/** A browser in which nothing happens by itself. */
function world() {
  const sockets: FakeSocket[] = [];
  const timers: { ms: number; run: () => void }[] = [];
  const polls: ((page: EventsPage) => void)[] = [];
  const seen: Frame[] = [];
  const states: ConnectionState[] = [];
  const told = { resyncs: 0, signedOut: 0, isOnline: true };
  const outside: Outside = {
    openSocket: (after) => {
      const socket: FakeSocket = {
        after,
        sent: [],
        isClosed: false,
        onmessage: null,
        onclose: null,
        send: (text) => socket.sent.push(text),
        close: () => (socket.isClosed = true),
      };
      sockets.push(socket);
      return socket;
    },
    poll: () => new Promise((resolve) => polls.push(resolve)),
    later: (ms, run) => {
      const timer = { ms, run };
      timers.push(timer);
      return () => {
        if (timers.includes(timer)) timers.splice(timers.indexOf(timer), 1);
      };
    },
    random: () => 0,
    isOnline: () => told.isOnline,
  };
  const connection = new Connection(outside, {
    onFrames: (frames) => seen.push(...frames),
    onResync: () => {
      told.resyncs += 1;
      return Promise.resolve(50);
    },
    onSignedOut: () => (told.signedOut += 1),
    onState: (state) => states.push(state),
  });
  const newest = (): FakeSocket => {
    const last = sockets.at(-1);
    if (!last) throw new Error('no socket was opened');
    return last;
  };
  return {
    connection,
    outside,
    sockets,
    timers,
    polls,
    seen,
    states,
    told,
    newest,
    say: (message: unknown) => newest().onmessage?.({ data: JSON.stringify(message) }),
    tick: () => timers.shift()?.run(),
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const frame = (seq: number, prev = seq - 1): Frame => ({ ...conversationFrame(seq, conversation(`c${seq}`, 1)), prev });

describe('the connection', () => {
  it('resumes after what it saw last', () => {
    const w = world();
    w.connection.start(10);
    w.say({ type: 'hello', seq: 10 });
    w.say(frame(11));
    w.say(frame(12));
    w.newest().onclose?.({ code: 1006 });
    expect(w.states).toEqual(['connecting', 'live', 'reconnecting']);
    w.tick();
    expect(w.newest().after).toBe(12);
    expect(w.seen.map((one) => one.seq)).toEqual([11, 12]);
  });

  it('drops what it saw before', () => {
    const w = world();
    w.connection.start(10);
    w.say(frame(11));
    w.say(frame(11));
    w.say(frame(9, 8));
    expect(w.seen).toHaveLength(1);
  });

  it('fetches anew after a gap, and goes on from the new number', async () => {
    const w = world();
    w.connection.start(10);
    w.say({ type: 'hello', seq: 10 });
    w.say(frame(20, 19));
    await settled();
    expect(w.told.resyncs).toBe(1);
    expect(w.seen).toHaveLength(0);
    expect(w.newest().after).toBe(50);
  });

  it('takes a jump in the numbers for no gap when the server told everything before it', () => {
    const w = world();
    w.connection.start(10);
    w.say(frame(31, 10));
    expect(w.told.resyncs).toBe(0);
    expect(w.seen.map((one) => one.seq)).toEqual([31]);
  });

  it('fetches anew when the server asks for it', async () => {
    const w = world();
    w.connection.start(10);
    w.say({ type: 'resync' });
    await settled();
    expect(w.told.resyncs).toBe(1);
    expect(w.sockets).toHaveLength(2);
  });

  it('polls when no socket gets through, and hands over when one does', async () => {
    const w = world();
    w.connection.start(10);
    for (let n = 0; n < 3; n++) {
      w.newest().onclose?.({ code: 1006 });
      if (n < 2) w.tick();
    }
    expect(w.polls).toHaveLength(1);
    w.polls[0]?.({ frames: [frame(11)], seq: 11 });
    await settled();
    expect(w.states.at(-1)).toBe('polling');
    expect(w.seen).toHaveLength(1);
    w.tick();
    expect(w.newest().after).toBe(11);
    w.say({ type: 'hello', seq: 11 });
    expect(w.states.at(-1)).toBe('live');
    w.polls[1]?.({ frames: [frame(12)], seq: 12 });
    await settled();
    expect(w.polls).toHaveLength(2);
  });

  it('asks on from where a long poll has read to, not from its last frame', async () => {
    const w = world();
    const asked: number[] = [];
    w.outside.poll = (after) => {
      asked.push(after);
      return new Promise((resolve) => w.polls.push(resolve));
    };
    w.connection.start(10);
    for (let n = 0; n < 3; n++) {
      w.newest().onclose?.({ code: 1006 });
      if (n < 2) w.tick();
    }
    w.polls[0]?.({ frames: [frame(11)], seq: 30 });
    await settled();
    expect(asked).toEqual([10, 30]);
  });

  it('gives up when nobody is signed in', () => {
    const w = world();
    w.connection.start(1);
    w.newest().onclose?.({ code: 4401 });
    expect(w.told.signedOut).toBe(1);
    expect(w.timers).toHaveLength(0);
  });

  it('takes silence after a ping for a dead line', () => {
    const w = world();
    w.connection.start(1);
    w.say({ type: 'hello', seq: 1 });
    w.tick();
    expect(w.newest().sent).toEqual(['{"type":"ping"}']);
    const silence = w.timers.find((timer) => timer.ms === 10_000);
    silence?.run();
    expect(w.newest().isClosed).toBe(true);
    expect(w.states.at(-1)).toBe('reconnecting');
  });

  it('waits while there is no network and returns at once when it is back', () => {
    const w = world();
    w.connection.start(1);
    w.told.isOnline = false;
    w.connection.sleep();
    expect(w.states.at(-1)).toBe('offline');
    w.told.isOnline = true;
    w.connection.wake();
    expect(w.sockets).toHaveLength(2);
  });
});

describe('backoff', () => {
  it('doubles up to half a minute and spreads a crowd', () => {
    expect([0, 1, 2, 10].map((attempt) => backoff(attempt, 1))).toEqual([500, 1000, 2000, 30_000]);
    expect(backoff(3, 0)).toBe(2000);
  });
});
