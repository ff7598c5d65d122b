/** The times people usually mean by "later". */

const MORNING = 9;

export type SnoozeChoice = { id: 'laterToday' | 'tomorrow' | 'nextWeek' | 'inAMonth'; until: Date };

const morningOf = (now: Date, days: number) =>
  new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, MORNING);

/** Later today only while three hours later is still today; next week is its Monday. */
export function snoozeChoices(now: Date): SnoozeChoice[] {
  const later = new Date(now.getTime() + 3 * 3_600_000);
  const untilMonday = (8 - now.getDay()) % 7 || 7;
  return [
    ...(later.getDate() === now.getDate() ? [{ id: 'laterToday' as const, until: later }] : []),
    { id: 'tomorrow', until: morningOf(now, 1) },
    { id: 'nextWeek', until: morningOf(now, untilMonday) },
    { id: 'inAMonth', until: morningOf(now, 30) },
  ];
}

/** The value of a datetime-local field. */
export function toLocalInput(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
