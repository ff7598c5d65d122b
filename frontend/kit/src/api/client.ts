/** The one HTTP client: same origin, session cookie, CSRF header, problems as errors. */

import createClient, { type Middleware } from 'openapi-fetch';
import { ApiError, NetworkError, type Problem } from './errors';
import type { paths } from './schema';

export const API_ROOT = '/api/v1';
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/** Gives the value that non-GET calls must carry, or null before the first answer of the server. */
export function csrfToken(): string | null {
  const match = /(?:^|;\s*)__Host-csrf=([^;]*)/.exec(document.cookie);
  return match?.[1] ? decodeURIComponent(match[1]) : null;
}

const protect: Middleware = {
  onRequest({ request }) {
    const token = csrfToken();
    if (!SAFE_METHODS.includes(request.method) && token) request.headers.set('X-CSRF-Token', token);
    return request;
  },
  onError() {
    return new NetworkError();
  },
};

export const http = createClient<paths>({ credentials: 'same-origin' });
http.use(protect);

type Outcome<D> = { data?: D; error?: unknown; response: Response };

/**
 * Gives the body of a good answer; raises ApiError for a refusal and NetworkError when no answer came.
 *
 * `Exact` is the name of the answer in `types/`: the generated type with some fields said more exactly.
 */
export async function unwrap<Exact>(call: Promise<Outcome<unknown>>): Promise<Exact> {
  const { data, error, response } = await call;
  if (!response.ok) throw new ApiError(response.status, asProblem(error));
  return data as Exact;
}

export function asProblem(value: unknown): Problem {
  if (typeof value === 'object' && value !== null) return value;
  return {};
}

/** Makes a random UUID (version 4), also where the page is not a secure context. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** A key that makes a repeated POST harmless. */
export const idempotent = () => ({ 'Idempotency-Key': newId() });
