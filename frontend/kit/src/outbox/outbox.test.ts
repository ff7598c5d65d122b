import { describe, expect, it } from 'vitest';
import { ApiError, NetworkError, type Message } from '../api';
import { message } from '../realtime/testData';
import { Outbox, type OutboxEntry } from './outbox';
import { unsent } from './reconcile';

const entry = (clientId: string, conversationId = 'a'): OutboxEntry => ({
  clientId,
  conversationId,
  createdAt: '2026-01-05T09:00:00Z',
  state: 'waiting',
  error: null,
  files: [],
  replyTo: null,
  kind: 'message',
  body: { text: clientId, client_id: clientId },
});
const settled = () => new Promise((resolve) => setImmediate(resolve));

function world() {
  const calls: { entry: OutboxEntry; answer: (message: Message) => void; fail: (error: Error) => void }[] = [];
  const timers: (() => void)[] = [];
  const outbox = new Outbox(
    (sent) => new Promise((resolve, reject) => calls.push({ entry: sent, answer: resolve, fail: reject })),
    (_ms, run) => {
      timers.push(run);
      return () => timers.splice(timers.indexOf(run), 1);
    },
  );
  const states = () => outbox.snapshot().map((one) => `${one.clientId} ${one.state}`);
  return { outbox, calls, timers, states };
}

describe('the outbox', () => {
  it('sends the messages of one conversation one after the other', async () => {
    const w = world();
    w.outbox.add(entry('1'));
    w.outbox.add(entry('2'));
    w.outbox.add(entry('3', 'b'));
    expect(w.calls.map((call) => call.entry.clientId)).toEqual(['1', '3']);
    w.calls[0]?.answer(message('m1', 1));
    await settled();
    expect(w.calls.map((call) => call.entry.clientId)).toEqual(['1', '3', '2']);
    expect(w.states()).toEqual(['2 sending', '3 sending']);
  });

  it('waits for the network and repeats with the same client id', async () => {
    const w = world();
    w.outbox.add(entry('1'));
    w.outbox.add(entry('2'));
    w.calls[0]?.fail(new NetworkError());
    await settled();
    expect(w.states()).toEqual(['1 waiting', '2 waiting']);
    expect(w.timers).toHaveLength(1);
    w.outbox.flush();
    expect(w.calls[1]?.entry.clientId).toBe('1');
    w.calls[1]?.answer(message('m1', 1));
    await settled();
    expect(w.calls[2]?.entry.clientId).toBe('2');
  });

  it('keeps a refused message with its reason until a person decides, and goes on with the next', async () => {
    const w = world();
    w.outbox.add(entry('1'));
    w.outbox.add(entry('2'));
    w.calls[0]?.fail(new ApiError(409, { code: 'window_closed', detail: 'The window is closed.' }));
    await settled();
    expect(w.states()).toEqual(['1 failed', '2 sending']);
    expect(w.outbox.snapshot()[0]?.error).toBeInstanceOf(ApiError);
    w.calls[1]?.answer(message('m2', 2));
    await settled();
    w.outbox.retry('1');
    expect(w.calls[2]?.entry.clientId).toBe('1');
    w.outbox.discard('1');
    expect(w.outbox.snapshot()).toHaveLength(0);
  });
});

describe('timeline and outbox together', () => {
  it('show a message once, also when its frame is faster than its answer', () => {
    const entries = [entry('1'), entry('2'), entry('3', 'b')];
    expect(unsent([], entries, 'a').map((one) => one.clientId)).toEqual(['1', '2']);
    const byFrame = message('m1', 1, { client_id: '1' });
    expect(unsent([byFrame], entries, 'a').map((one) => one.clientId)).toEqual(['2']);
  });
});
