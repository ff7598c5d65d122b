/** Errors as sentences: what went wrong and what helps. */

import { ApiError, NetworkError } from '@parley/kit/api';
import i18n from 'i18next';
import { findWords } from './words';

/** The sentence for an error: ours for known codes, the server's own words otherwise. */
export function problemText(error: unknown): string {
  const t = i18n.t;
  if (error instanceof NetworkError) return t('errors.network');
  if (error instanceof ApiError) {
    const words = findWords(`errors.code.${error.code}`, { seconds: error.retryAfter ?? 60, number: error.number ?? '–' });
    if (words) return words;
    // Without a code the server broke down, and its words would help nobody.
    return error.status >= 500 && error.code === `http_${error.status}` ? t('errors.unknown') : error.message;
  }
  return t('errors.unknown');
}

/** The sentence for one field of a form, where the server named one. */
export function fieldProblem(error: unknown, field: string): string | undefined {
  return error instanceof ApiError ? error.fields[field] : undefined;
}

type Toast = { color: string; title?: string; message: string; autoClose: number };

/** The library of toasts loads after the first screen, with the place where they appear. */
async function toast(content: Toast): Promise<void> {
  const { notifications } = await import('@mantine/notifications');
  notifications.show(content);
}

/** Shows what went wrong; `words` replace the sentence where the caller knows a better one. */
export function showProblem(error: unknown, words?: unknown): void {
  const message = typeof words === 'string' ? words : problemText(error);
  void toast({ color: 'red', title: i18n.t('errors.title'), message, autoClose: 8000 });
}

export function showDone(message: string): void {
  void toast({ color: 'petrol', message, autoClose: 3500 });
}
