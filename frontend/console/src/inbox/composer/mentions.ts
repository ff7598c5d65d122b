/** Calling a colleague with @. */

import type { Member } from '@parley/kit/api';

/** The call that is being typed at the caret, if any: where it starts and what was typed of the name. */
export function findCall(text: string, caret: number): { start: number; words: string } | null {
  const match = /(?:^|\s)@([\p{L}\p{N}._-]{0,30})$/u.exec(text.slice(0, caret));
  return match ? { start: caret - (match[1] ?? '').length - 1, words: match[1] ?? '' } : null;
}

/** The ids of those who are called by their whole name. */
export const mentionsIn = (text: string, members: Pick<Member, 'id' | 'display_name'>[]): string[] =>
  members.filter((member) => text.includes(`@${member.display_name}`)).map((member) => member.id);
