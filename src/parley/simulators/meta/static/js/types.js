// @ts-check
/** The shapes that the server sends; types only. */

/**
 * @typedef {object} Persona
 * @property {string} id
 * @property {string} name
 * @property {string|null} phone
 * @property {string|null} bsuid
 * @property {string|null} username
 * @property {"phone"|"phone_bsuid"|"bsuid"|"bsuid_in_from"} identity
 * @property {boolean} auto
 * @property {boolean} read_receipts
 * @property {boolean} airplane
 * @property {string} about
 */

/**
 * @typedef {object} Message
 * @property {string} id
 * @property {string} persona_id
 * @property {string} number_id
 * @property {boolean} by_business
 * @property {string} type
 * @property {Record<string, any>} content
 * @property {number} at
 * @property {string|null} context_id
 * @property {boolean} forwarded
 * @property {"waiting"|"sent"|"delivered"|"read"|"failed"} state
 * @property {{customer?: string, business?: string}} reactions
 * @property {boolean} edited
 * @property {boolean} revoked
 */

/** @typedef {Persona & {last: Message|null, unread: number, count: number}} Person */

/**
 * @typedef {object} State
 * @property {string} number
 * @property {{id: string, name: string, display: string}[]} numbers
 * @property {Person[]} people
 * @property {{state: string, url?: string, answer?: string}} verification
 */

/** @typedef {{kind: string, persona?: any, number?: string, message?: Message, on?: boolean,
 *   verification?: State["verification"]}} News */

export {};
