/**
 * The shapes that the server speaks, by the names that screens use.
 *
 * Only names of the API's data belong here. Once `npm run generate` writes the schema from the server's OpenAPI
 * document, each name becomes an alias of a generated one; no screen has to change.
 */

export type Page<T> = { items: T[]; next_cursor: string | null };
export type * from './channels';
export type * from './conversations';
export type * from './people';
export type * from './records';
export type * from './timeline';
