import { describe, expect, it } from 'vitest';
import { cappedCount, dayLabel, fileSize, initials, playTime, price, shortSpan } from './index';

describe('formatting', () => {
  it('says spans in one rough unit', () => {
    expect(shortSpan(59_000, 'en').isNow).toBe(true);
    expect(shortSpan(5 * 60_000, 'en').value).toBe('5m');
    expect(shortSpan(3 * 3_600_000, 'en').value).toBe('3h');
    expect(shortSpan(3 * 86_400_000, 'de').value).toBe('3 T');
    expect(shortSpan(-5, 'en').isNow).toBe(true);
  });

  it('names days as people do', () => {
    const now = new Date(2026, 0, 8, 12);
    expect(dayLabel(new Date(2026, 0, 8, 1).toISOString(), now, 'en')).toBe('Today');
    expect(dayLabel(new Date(2026, 0, 7, 23).toISOString(), now, 'de')).toBe('Gestern');
    expect(dayLabel(new Date(2026, 0, 5, 9).toISOString(), now, 'en')).toBe('Monday');
    expect(dayLabel(new Date(2025, 10, 5, 9).toISOString(), now, 'en')).toContain('2025');
  });

  it('writes sizes, playing times, prices and counts', () => {
    expect(fileSize(1_430_000, 'en')).toBe('1.4 MB');
    expect(fileSize(0, 'en')).toBe('0 byte');
    expect(playTime(7.4)).toBe('0:07');
    expect(playTime(3723)).toBe('1:02:03');
    expect(playTime(Infinity)).toBe('0:00');
    expect(price('12.5', 'EUR', 'en')).toBe('€12.50');
    expect(price(3, 'not a currency', 'en')).toBe('3 not a currency');
    expect(cappedCount(100)).toBe('99+');
  });

  it('takes initials from letters of any script', () => {
    expect(initials('Ana Maria Vega')).toBe('AV');
    expect(initials('ليلى حسن')).toBe('لح');
    expect(initials('+49 170 5550')).toBe('#');
    expect(initials('')).toBe('#');
  });
});
