/**
 * The frames of the last minutes, so that an answer that left the server before a frame cannot undo it.
 *
 * The rule: whoever asks the server takes a `mark` first, and applies `since(mark)` over the answer. A frame older
 * than the mark is part of the answer already; applying a newer one twice changes nothing.
 */

import type { Frame } from '../api';

const KEEP = 500;

export class FrameLog {
  private frames: Frame[] = [];
  private dropped = 0;
  private readonly latest = new Map<string, number>();

  /** Takes a frame in; false when a newer one about the same thing was taken before. */
  add(frame: Frame): boolean {
    const key = keyOf(frame);
    const known = this.latest.get(key);
    if (known !== undefined && known >= frame.seq) return false;
    this.latest.set(key, frame.seq);
    this.frames.push(frame);
    if (this.frames.length > KEEP) {
      this.frames = this.frames.slice(-KEEP / 2);
      this.dropped += KEEP / 2 + 1;
    }
    if (this.latest.size > KEEP * 4) this.forgetOldest();
    return true;
  }

  mark(): number {
    return this.dropped + this.frames.length;
  }

  since(mark: number): Frame[] {
    return this.frames.slice(Math.max(0, mark - this.dropped));
  }

  /** After a resync everything is fetched anew, so what came before says nothing any more. */
  clear(): void {
    this.dropped += this.frames.length;
    this.frames = [];
    this.latest.clear();
  }

  private forgetOldest(): void {
    for (const key of this.latest.keys()) {
      this.latest.delete(key);
      if (this.latest.size <= KEEP * 2) return;
    }
  }
}

/** Names what a frame is about; two frames of one key replace each other. */
export function keyOf(frame: Frame): string {
  const id = frame.object?.id ?? idFor(frame);
  return `${frame.object_type ?? frame.type}:${id ?? frame.seq}`;
}

/** The id of the thing a frame is about, also when the object itself is gone: it stands under the thing's own name. */
export const idFor = (frame: Frame): string | undefined => (frame.object_type ? frame.ids[frame.object_type] : undefined);
