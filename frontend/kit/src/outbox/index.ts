/** The outbox: optimistic sending that survives lost answers and lost networks. */

export { Outbox, type LocalFile, type OutboxEntry } from './outbox';
export { unsent } from './reconcile';
