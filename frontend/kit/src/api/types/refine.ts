/** The bridge between the generated schema and the names that screens use. */

import type { components } from '../schema';

export type Schemas = components['schemas'];

/**
 * A shape of the server with some fields said more exactly than its document says them.
 *
 * A field that the server does not have, or a type that it could not send, does not compile: so the names below
 * cannot drift from the server.
 */
export type Refine<Base, Exact extends { [K in keyof Exact]: K extends keyof Base ? Base[K] : never }> = Omit<
  Base,
  keyof Exact
> &
  Exact;
