/** Errors as sentences: what went wrong and what helps. */

import { notifications } from '@mantine/notifications';
import { ApiError, NetworkError } from '@parley/kit/api';
import i18n from 'i18next';

/** The sentence for an error: ours for known codes, the server's own words otherwise. */
export function problemText(error: unknown): string {
  const t = i18n.t;
  if (error instanceof NetworkError) return t('errors.network');
  if (error instanceof ApiError) {
    const known = `errors.code.${error.code}`;
    if (i18n.exists(known)) {
      return String(t(known as never, { seconds: error.retryAfter ?? 60 } as never));
    }
    return error.message || t('errors.unknown');
  }
  return t('errors.unknown');
}

/** The sentence for one field of a form, where the server named one. */
export function fieldProblem(error: unknown, field: string): string | undefined {
  return error instanceof ApiError ? error.fields[field] : undefined;
}

/** Shows what went wrong; `words` replace the sentence where the caller knows a better one. */
export function showProblem(error: unknown, words?: unknown): void {
  const message = typeof words === 'string' ? words : problemText(error);
  notifications.show({ color: 'red', title: i18n.t('errors.title'), message, autoClose: 8000 });
}

export function showDone(message: string): void {
  notifications.show({ color: 'petrol', message, autoClose: 3500 });
}
