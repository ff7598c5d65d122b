/** The order of the list on screen, for whoever has to find the next one. */

let order: readonly string[] = [];

export function setListOrder(rows: readonly { id: string }[]): void {
  order = rows.map((row) => row.id);
}

/** The conversation after this one, else the one before it, else none. */
export function neighbourOf(id: string): string | null {
  const at = order.indexOf(id);
  if (at === -1) return order[0] ?? null;
  return order[at + 1] ?? order[at - 1] ?? null;
}
