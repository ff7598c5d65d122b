/** What is being written, per conversation. In memory only: nothing that somebody typed is stored in the browser. */

import { useSyncExternalStore } from 'react';
import type { UploadedFile } from '@parley/kit/api';

export type Mode = 'reply' | 'note';
export type DraftFile = {
  key: string;
  file: File;
  previewUrl: string | null;
  progress: number;
  uploaded: UploadedFile | null;
  error: unknown;
  cancel: () => void;
};
export type Draft = { mode: Mode; reply: string; note: string; files: DraftFile[] };

const empty: Draft = { mode: 'reply', reply: '', note: '', files: [] };
const drafts = new Map<string, Draft>();
const listeners = new Set<() => void>();

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const getDraft = (id: string): Draft => drafts.get(id) ?? empty;

export function changeDraft(id: string, change: (draft: Draft) => Partial<Draft>): void {
  const before = getDraft(id);
  drafts.set(id, { ...before, ...change(before) });
  for (const listener of listeners) listener();
}

export const useDraft = (id: string): Draft => useSyncExternalStore(subscribe, () => getDraft(id));
