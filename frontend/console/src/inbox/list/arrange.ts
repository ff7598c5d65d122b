/** Keeps rows where they are while somebody points at them. */

type Row = { id: string; unread_count: number };
export type Arranged<R extends Row> = { rows: R[]; held: number };

/**
 * Shows fresh rows in the order that was frozen; counts what is new above it: rows that came, and unread ones that
 * rose.
 *
 * Rows that left the list leave it at once; rows that belong below the frozen ones are added there, because they
 * move nothing.
 */
export function arrange<R extends Row>(fresh: R[], frozen: readonly string[] | null): Arranged<R> {
  if (frozen === null) return { rows: fresh, held: 0 };
  const byId = new Map(fresh.map((row) => [row.id, row]));
  const kept = frozen.flatMap((id) => byId.get(id) ?? []);
  if (kept.length === 0) return { rows: fresh, held: 0 };
  const isFrozen = new Set(frozen);
  const lastKept = fresh.findLastIndex((row) => isFrozen.has(row.id));
  const below = fresh.slice(lastKept + 1);
  const top = kept[0];
  const risen = fresh.findIndex((row) => row.id === top?.id);
  const unseen = fresh.slice(0, lastKept).filter((row) => !isFrozen.has(row.id)).length;
  const moved = fresh.slice(0, Math.max(0, risen)).filter((row) => isFrozen.has(row.id) && row.unread_count > 0).length;
  return { rows: [...kept, ...below], held: unseen + moved };
}
