/** The small markup of chat channels: *bold*, _italic_, ~struck~, `code`, ```block```, and links. */

export type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'link'; text: string; href: string }
  | { kind: 'code'; text: string }
  | { kind: 'bold' | 'italic' | 'struck'; pieces: Piece[] };

const BLOCK = /```([\s\S]+?)```|`([^`\n]+)`/u;
const LINK = /\bhttps?:\/\/[^\s<>"']+|\bwww\.[^\s<>"']+\.[^\s<>"']+/u;
const TRAILING = /[.,;:!?)\]}…'"»]+$/u;
const marks = { '*': 'bold', _: 'italic', '~': 'struck' } as const;
// A mark opens after a boundary before a non-space, and closes after a non-space before a boundary.
const MARKED = /(?<![\p{L}\p{N}])([*_~])(?=\S)([^\n]*?\S)\1(?![\p{L}\p{N}])/u;

/** Splits text into pieces. Only http and https become links; nothing is ever markup of another kind. */
export function richText(text: string, hasMarks: boolean): Piece[] {
  return hasMarks
    ? split(text, BLOCK, (match) => ({ kind: 'code', text: match[1] ?? match[2] ?? '' }), (rest) => linked(rest, true))
    : linked(text, false);
}

function linked(text: string, hasMarks: boolean): Piece[] {
  const plain = (rest: string): Piece[] => (hasMarks ? marked(rest) : [{ kind: 'text', text: rest }]);
  const pieces: Piece[] = [];
  let rest = text;
  for (let match = LINK.exec(rest); match; match = LINK.exec(rest)) {
    const found = match[0].replace(TRAILING, '');
    if (match.index > 0) pieces.push(...plain(rest.slice(0, match.index)));
    pieces.push({ kind: 'link', text: found, href: found.startsWith('www.') ? `https://${found}` : found });
    rest = rest.slice(match.index + found.length);
  }
  if (rest) pieces.push(...plain(rest));
  return pieces;
}

function marked(text: string): Piece[] {
  return split(
    text,
    MARKED,
    (match) => ({ kind: marks[match[1] as keyof typeof marks], pieces: marked(match[2] ?? '') }),
    (rest) => [{ kind: 'text', text: rest }],
  );
}

function split(
  text: string,
  pattern: RegExp,
  make: (match: RegExpExecArray) => Piece,
  plain: (rest: string) => Piece[],
): Piece[] {
  const pieces: Piece[] = [];
  let rest = text;
  for (let match = pattern.exec(rest); match; match = pattern.exec(rest)) {
    if (match.index > 0) pieces.push(...plain(rest.slice(0, match.index)));
    pieces.push(make(match));
    rest = rest.slice(match.index + match[0].length);
  }
  if (rest) pieces.push(...plain(rest));
  return pieces;
}
