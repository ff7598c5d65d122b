/**
 * What this tab still has to send. In memory only: content never touches the browser's storage.
 *
 * One lane per conversation keeps the order. An unknown outcome is repeated with the same client id, which the
 * server answers with the same message; a refusal waits for a person.
 */

import { isTransient, type Message, type NewMessage, type NewNote, type Note, type Quoted } from '../api';

export type LocalFile = { id: string; name: string; mediaType: string; size: number; previewUrl: string | null };
export type OutboxEntry = {
  clientId: string;
  conversationId: string;
  createdAt: string;
  state: 'waiting' | 'sending' | 'failed';
  error: unknown;
  files: LocalFile[];
  replyTo: Quoted | null;
} & ({ kind: 'message'; body: NewMessage } | { kind: 'note'; body: NewNote });

export type Send = (entry: OutboxEntry) => Promise<Message | Note>;
export type Later = (ms: number, run: () => void) => () => void;

const AGAIN_MS = [2_000, 5_000, 10_000, 30_000];

export class Outbox {
  private entries: readonly OutboxEntry[] = [];
  private readonly listeners = new Set<() => void>();
  private readonly busy = new Set<string>();
  private cancelAgain: (() => void) | null = null;
  private tries = 0;

  constructor(
    private readonly send: Send,
    private readonly later: Later,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): readonly OutboxEntry[] => this.entries;

  add(entry: OutboxEntry): void {
    this.change([...this.entries, { ...entry, state: 'waiting', error: null }]);
    void this.run(entry.conversationId);
  }

  retry(clientId: string): void {
    const entry = this.find(clientId);
    if (!entry) return;
    this.update(clientId, { state: 'waiting', error: null });
    void this.run(entry.conversationId);
  }

  discard(clientId: string): void {
    this.change(this.entries.filter((entry) => entry.clientId !== clientId));
  }

  /** The connection is back: everything that waits goes out now. */
  flush(): void {
    this.cancelAgain?.();
    this.cancelAgain = null;
    const lanes = new Set(this.entries.filter((entry) => entry.state === 'waiting').map((entry) => entry.conversationId));
    for (const lane of lanes) void this.run(lane);
  }

  private async run(lane: string): Promise<void> {
    if (this.busy.has(lane)) return;
    this.busy.add(lane);
    try {
      for (let next = this.nextOf(lane); next; next = this.nextOf(lane)) {
        if (!(await this.deliver(next))) return;
      }
    } finally {
      this.busy.delete(lane);
    }
  }

  /** False when the lane has to wait for the connection. */
  private async deliver(entry: OutboxEntry): Promise<boolean> {
    this.update(entry.clientId, { state: 'sending' });
    try {
      await this.send(entry);
      this.tries = 0;
      this.discard(entry.clientId);
      return true;
    } catch (error) {
      if (isTransient(error)) {
        this.update(entry.clientId, { state: 'waiting', error });
        this.tryAgainLater();
        return false;
      }
      this.update(entry.clientId, { state: 'failed', error });
      return true;
    }
  }

  private tryAgainLater(): void {
    if (this.cancelAgain) return;
    const ms = AGAIN_MS[Math.min(this.tries++, AGAIN_MS.length - 1)] ?? 30_000;
    this.cancelAgain = this.later(ms, () => this.flush());
  }

  private nextOf(lane: string): OutboxEntry | undefined {
    return this.entries.find((entry) => entry.conversationId === lane && entry.state === 'waiting');
  }

  private find(clientId: string): OutboxEntry | undefined {
    return this.entries.find((entry) => entry.clientId === clientId);
  }

  private update(clientId: string, patch: Pick<OutboxEntry, 'state'> & Partial<Pick<OutboxEntry, 'error'>>): void {
    this.change(this.entries.map((entry) => (entry.clientId === clientId ? { ...entry, ...patch } : entry)));
  }

  private change(entries: readonly OutboxEntry[]): void {
    this.entries = entries;
    for (const listener of this.listeners) listener();
  }
}
