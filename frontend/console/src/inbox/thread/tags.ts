/** Which tags fit what was typed, and whether it may become a new one. */

import type { Tag } from '@parley/kit/api';

const fold = (text: string): string => text.trim().toLowerCase();

/** The tags that contain the words; `newName` is what a new tag would be called, null where there is such a tag. */
export function findTags(tags: Tag[], words: string, canCreate: boolean): { found: Tag[]; newName: string | null } {
  const wanted = fold(words);
  const found = tags
    .filter((tag) => fold(tag.name).includes(wanted))
    .toSorted((a, b) => a.name.localeCompare(b.name));
  const isKnown = tags.some((tag) => fold(tag.name) === wanted);
  return { found, newName: canCreate && wanted !== '' && !isKnown ? words.trim() : null };
}
