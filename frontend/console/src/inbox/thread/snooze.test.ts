import { describe, expect, it } from 'vitest';
import { snoozeChoices, toLocalInput } from './snooze';

const ids = (now: Date) => snoozeChoices(now).map((choice) => choice.id);

describe('snooze', () => {
  it('offers later today only while there is a later', () => {
    expect(ids(new Date(2026, 0, 7, 10))).toContain('laterToday');
    expect(ids(new Date(2026, 0, 7, 22))).not.toContain('laterToday');
  });

  it('means the coming Monday by next week, on a Monday the next one', () => {
    const mondayAfter = (day: number) =>
      snoozeChoices(new Date(2026, 0, day, 8)).find((choice) => choice.id === 'nextWeek')?.until.getDate();
    expect(mondayAfter(7)).toBe(12);
    expect(mondayAfter(11)).toBe(12);
    expect(mondayAfter(12)).toBe(19);
  });

  it('writes local times as the browser’s field wants them', () => {
    expect(toLocalInput(new Date(2026, 0, 7, 9, 5))).toBe('2026-01-07T09:05');
  });
});
