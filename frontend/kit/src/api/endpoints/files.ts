/** Uploads. XMLHttpRequest, because fetch cannot tell how far an upload has come. */

import { API_ROOT, asProblem, csrfToken } from '../client';
import { ApiError, NetworkError } from '../errors';
import type { UploadedFile } from '../types';

export type Upload = { done: Promise<UploadedFile>; cancel: () => void };

/** Uploads one file and reports progress between 0 and 1; raises what every call raises, or AbortError. */
export function uploadFile(file: File, onProgress: (ratio: number) => void): Upload {
  const request = new XMLHttpRequest();
  const done = new Promise<UploadedFile>((resolve, reject) => {
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener('load', () => {
      const body = parse(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve(body as UploadedFile);
      else reject(new ApiError(request.status, asProblem(body)));
    });
    request.addEventListener('error', () => reject(new NetworkError()));
    request.addEventListener('abort', () => reject(new DOMException('The upload was cancelled.', 'AbortError')));
    const form = new FormData();
    form.append('file', file, file.name);
    request.open('POST', `${API_ROOT}/files`);
    const token = csrfToken();
    if (token) request.setRequestHeader('X-CSRF-Token', token);
    request.send(form);
  });
  return { done, cancel: () => request.abort() };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
