/** Files on their way to a message. */

import { newId, uploadFile, type Capabilities, type MediaKind } from '@parley/kit/api';
import type { LocalFile } from '@parley/kit/outbox';
import { changeDraft, getDraft, type DraftFile } from './drafts';

/** What kind of media a file is to the channel. */
export function kindOf(type: string): MediaKind {
  const [family] = type.split('/');
  return family === 'image' || family === 'video' || family === 'audio' ? family : 'document';
}

/** Says why the channel would refuse a file, before it is uploaded; null when it takes it. */
export function refusal(
  file: { size: number; type: string },
  capabilities: Capabilities | null,
): { key: 'tooLarge' | 'notTaken'; limit?: number } | null {
  if (!capabilities) return null;
  const { media } = capabilities;
  const rule = media[kindOf(file.type)];
  const isTaken = rule && (rule.types.length === 0 || rule.types.some((type) => typeFits(type, file.type)));
  // What does not pass as a picture or a film may still travel as a document.
  const taken = isTaken ? rule : media.document;
  if (!taken) return { key: 'notTaken' };
  if (!isTaken && taken.types.length > 0 && !taken.types.some((type) => typeFits(type, file.type))) {
    return { key: 'notTaken' };
  }
  return file.size > taken.max_bytes ? { key: 'tooLarge', limit: taken.max_bytes } : null;
}

const typeFits = (rule: string, type: string) =>
  rule === '*/*' || rule === type || (rule.endsWith('/*') && type.startsWith(rule.slice(0, -1)));

function patch(id: string, key: string, change: Partial<DraftFile>): void {
  changeDraft(id, (draft) => ({
    files: draft.files.map((each) => (each.key === key ? { ...each, ...change } : each)),
  }));
}

export function addFile(id: string, file: File): void {
  const key = newId();
  const upload = uploadFile(file, (progress) => patch(id, key, { progress }));
  const previewUrl = file.type.startsWith('image/') ? URL.createObjectURL(file) : null;
  const entry: DraftFile = { key, file, previewUrl, progress: 0, uploaded: null, error: null, cancel: upload.cancel };
  changeDraft(id, (draft) => ({ files: [...draft.files, entry] }));
  upload.done.then(
    (uploaded) => patch(id, key, { uploaded, progress: 1 }),
    (error: unknown) => patch(id, key, { error }),
  );
}

export function removeFile(id: string, key: string): void {
  const entry = getDraft(id).files.find((each) => each.key === key);
  if (!entry) return;
  if (!entry.uploaded && !entry.error) entry.cancel();
  if (entry.previewUrl) URL.revokeObjectURL(entry.previewUrl);
  changeDraft(id, (draft) => ({ files: draft.files.filter((each) => each.key !== key) }));
}

/** The finished uploads, as the outbox shows and sends them. */
export const asLocalFiles = (files: DraftFile[]): LocalFile[] =>
  files.flatMap(({ file, uploaded, previewUrl }) =>
    uploaded
      ? [{ id: uploaded.id, name: uploaded.name ?? file.name, mediaType: uploaded.media_type, size: uploaded.size, previewUrl }]
      : [],
  );
