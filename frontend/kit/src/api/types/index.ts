/**
 * The shapes that the server speaks, by the names that screens use.
 *
 * They are made of the schema that `npm run generate` writes from the server's OpenAPI document; only where that
 * says less than is known (a text that is one of four words) is more said here.
 */

export type Page<T> = { items: T[]; next_cursor: string | null };
export type * from './channels';
export type * from './conversations';
export type * from './people';
export type * from './records';
export type * from './timeline';
