/**
 * The live connection: a socket that resumes by sequence number, a long poll where no socket gets through.
 *
 * It knows nothing of screens or caches: frames go out in order and once, a gap becomes a resync.
 */

import { isApiError, type EventsPage, type Frame, type StreamMessage } from '../api';
import { backoff } from './backoff';

export type ConnectionState = 'connecting' | 'live' | 'polling' | 'reconnecting' | 'offline' | 'stopped';

export type SocketLike = {
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send: (text: string) => void;
  close: () => void;
};

export type Outside = {
  openSocket: (after: number) => SocketLike;
  poll: (after: number, signal: AbortSignal) => Promise<EventsPage>;
  later: (ms: number, run: () => void) => () => void;
  random: () => number;
  isOnline: () => boolean;
};

export type Listener = {
  onFrames: (frames: Frame[]) => void;
  /** Fetches everything anew and gives the number to go on from. */
  onResync: () => Promise<number>;
  onSignedOut: () => void;
  onState: (state: ConnectionState) => void;
};

const PING_MS = 25_000;
const SILENCE_MS = 10_000;
const SOCKET_AGAIN_MS = 60_000;
const FAILURES_BEFORE_POLLING = 3;
const NOT_SIGNED_IN = 4401;

export class Connection {
  private seq = 0;
  private attempt = 0;
  private failures = 0;
  private socket: SocketLike | null = null;
  private polling: AbortController | null = null;
  private readonly timers = new Map<string, () => void>();
  private state: ConnectionState = 'stopped';

  constructor(
    private readonly outside: Outside,
    private readonly listener: Listener,
  ) {}

  start(after: number): void {
    this.seq = after;
    this.attempt = 0;
    this.failures = 0;
    this.setState('connecting');
    this.open();
  }

  stop(): void {
    this.drop();
    this.setState('stopped');
  }

  /** The network came back, or the page woke up: try at once instead of waiting. */
  wake(): void {
    if (this.state === 'stopped' || this.state === 'live' || this.state === 'polling') {
      if (this.state === 'live') this.ping();
      return;
    }
    this.attempt = 0;
    this.open();
  }

  /** The browser says that there is no network. */
  sleep(): void {
    if (this.state === 'stopped') return;
    this.drop();
    this.setState('offline');
  }

  private open(): void {
    this.drop();
    if (!this.outside.isOnline()) {
      this.setState('offline');
      this.timer('retry', backoff(this.attempt++, this.outside.random()), () => this.open());
      return;
    }
    this.connect();
  }

  private connect(): void {
    const socket = this.outside.openSocket(this.seq);
    this.socket = socket;
    socket.onmessage = (event) => {
      if (this.socket === socket) this.receive(event.data);
    };
    socket.onclose = (event) => {
      if (this.socket === socket) this.closed(event.code);
    };
  }

  private receive(data: unknown): void {
    const message = JSON.parse(String(data)) as StreamMessage;
    this.cancel('silence');
    if (message.type === 'hello') {
      this.attempt = 0;
      this.failures = 0;
      this.stopPolling();
      this.setState('live');
      this.beat();
    } else if (message.type === 'resync') void this.resync();
    else if ('prev' in message) this.take([message]);
  }

  private take(frames: Frame[]): void {
    const fresh: Frame[] = [];
    for (const frame of frames) {
      if (frame.seq <= this.seq) continue;
      if (frame.prev > this.seq) {
        if (fresh.length > 0) this.listener.onFrames(fresh);
        void this.resync();
        return;
      }
      this.seq = frame.seq;
      fresh.push(frame);
    }
    if (fresh.length > 0) this.listener.onFrames(fresh);
  }

  private async resync(): Promise<void> {
    this.drop();
    this.setState('reconnecting');
    try {
      this.seq = await this.listener.onResync();
      if (!this.isStopped()) this.open();
    } catch {
      if (!this.isStopped()) this.timer('retry', backoff(this.attempt++, this.outside.random()), () => void this.resync());
    }
  }

  private closed(code: number): void {
    this.socket = null;
    this.cancel('ping');
    this.cancel('silence');
    if (code === NOT_SIGNED_IN) {
      this.stop();
      this.listener.onSignedOut();
      return;
    }
    this.failures += 1;
    if (this.failures >= FAILURES_BEFORE_POLLING && this.outside.isOnline()) {
      this.startPolling();
      this.timer('retry', SOCKET_AGAIN_MS, () => this.connect());
      return;
    }
    this.setState(this.outside.isOnline() ? 'reconnecting' : 'offline');
    this.timer('retry', backoff(this.attempt++, this.outside.random()), () => this.open());
  }

  private startPolling(): void {
    if (this.polling) return;
    const controller = new AbortController();
    this.polling = controller;
    void this.pollOn(controller);
  }

  private async pollOn(controller: AbortController): Promise<void> {
    let failed = 0;
    const isOver = () => controller.signal.aborted;
    while (!isOver()) {
      try {
        const page = await this.outside.poll(this.seq, controller.signal);
        if (isOver()) return;
        failed = 0;
        this.setState('polling');
        this.take(page.frames);
        // What this viewer may not see ends no page: the log has been read further than the last frame says.
        if (!isOver()) this.seq = Math.max(this.seq, page.seq);
      } catch (error) {
        if (isOver()) return;
        if (isApiError(error) && error.status === 401) {
          this.stop();
          this.listener.onSignedOut();
          return;
        }
        if (isApiError(error) && error.status === 410) return void this.resync();
        this.setState(this.outside.isOnline() ? 'reconnecting' : 'offline');
        await new Promise<void>((resume) => {
          this.timer('poll', backoff(failed++, this.outside.random()), resume);
        });
      }
    }
  }

  private beat(): void {
    this.timer('ping', PING_MS, () => {
      this.ping();
      this.beat();
    });
  }

  private ping(): void {
    this.socket?.send(JSON.stringify({ type: 'ping' }));
    this.timer('silence', SILENCE_MS, () => {
      const socket = this.socket;
      this.closed(0);
      if (socket) {
        socket.onclose = null;
        socket.close();
      }
    });
  }

  private drop(): void {
    for (const name of [...this.timers.keys()]) this.cancel(name);
    this.stopPolling();
    const socket = this.socket;
    this.socket = null;
    if (socket) {
      socket.onclose = null;
      socket.close();
    }
  }

  private stopPolling(): void {
    this.polling?.abort();
    this.polling = null;
  }

  private isStopped(): boolean {
    return this.state === 'stopped';
  }

  private setState(state: ConnectionState): void {
    if (state === this.state) return;
    this.state = state;
    this.listener.onState(state);
  }

  private timer(name: string, ms: number, run: () => void): void {
    this.cancel(name);
    this.timers.set(
      name,
      this.outside.later(ms, () => {
        this.timers.delete(name);
        run();
      }),
    );
  }

  private cancel(name: string): void {
    this.timers.get(name)?.();
    this.timers.delete(name);
  }
}
