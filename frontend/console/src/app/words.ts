/** Words for keys that come from the server, where nobody can promise that we have them. */

import i18n from 'i18next';

type Speak = (key: string, values?: Record<string, unknown>) => string;

/** The words for a key, or null when there are none. */
export function findWords(key: string, values?: Record<string, unknown>): string | null {
  return i18n.exists(key) ? (i18n.t as unknown as Speak)(key, values) : null;
}

/** A name to show: some people have told none, and erased ones have none any more. */
export const nameOf = (someone: { name: string | null }): string => someone.name ?? i18n.t('common.nameless');
