/** Numbers, times and sizes as people read them. Locale in, text out. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const dates = new Map<string, Intl.DateTimeFormat>();
const numbers = new Map<string, Intl.NumberFormat>();

/** Formatters are dear to make and cheap to use: each is made once. */
function formatter<Options, Format>(
  made: Map<string, Format>,
  make: new (locale: string, options: Options) => Format,
  locale: string,
  options: Options,
): Format {
  const key = locale + JSON.stringify(options);
  const known = made.get(key);
  if (known) return known;
  const fresh = new make(locale, options);
  made.set(key, fresh);
  return fresh;
}

const dateFormat = (locale: string, options: Intl.DateTimeFormatOptions) =>
  formatter(dates, Intl.DateTimeFormat, locale, options);
const numberFormat = (locale: string, options: Intl.NumberFormatOptions) =>
  formatter(numbers, Intl.NumberFormat, locale, options);

/** A span as one rough unit: "now" below a minute, then "5 min", "3 h", "2 d", "6 w". */
export function shortSpan(ms: number, locale: string): { value: string; isNow: boolean } {
  const span = Math.max(0, ms);
  if (span < MINUTE) return { value: '', isNow: true };
  const [amount, unit] = inUnits(span);
  return { value: unitText(amount, unit, locale, 'narrow'), isNow: false };
}

/** A span in words for assistive technology and tooltips: "3 hours". */
export const longSpan = (ms: number, locale: string): string => {
  const [amount, unit] = inUnits(Math.max(MINUTE, ms));
  return unitText(amount, unit, locale, 'long');
};

type SpanUnit = 'minute' | 'hour' | 'day' | 'week';

function inUnits(span: number): [number, SpanUnit] {
  if (span < HOUR) return [Math.floor(span / MINUTE), 'minute'];
  if (span < DAY) return [Math.floor(span / HOUR), 'hour'];
  if (span < 14 * DAY) return [Math.floor(span / DAY), 'day'];
  return [Math.floor(span / (7 * DAY)), 'week'];
}

const unitText = (amount: number, unit: SpanUnit, locale: string, display: 'narrow' | 'long') =>
  numberFormat(locale, { style: 'unit', unit, unitDisplay: display }).format(amount);

export const clockTime = (iso: string, locale: string): string =>
  dateFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(new Date(iso));

export const fullTime = (iso: string, locale: string): string =>
  dateFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));

export const dateOnly = (iso: string, locale: string): string =>
  dateFormat(locale, { dateStyle: 'medium' }).format(new Date(iso));

/** A key that is equal for two times on one local day. */
export function dayKey(iso: string): string {
  const date = new Date(iso);
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}

/** "Today", "Yesterday", a weekday within the week, else a date. */
export function dayLabel(iso: string, now: Date, locale: string): string {
  const date = new Date(iso);
  const days = Math.round((startOfDay(now).getTime() - startOfDay(date).getTime()) / DAY);
  if (days === 0 || days === 1) {
    const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-days, 'day');
    return words.charAt(0).toLocaleUpperCase(locale) + words.slice(1);
  }
  if (days > 1 && days < 7) return dateFormat(locale, { weekday: 'long' }).format(date);
  const sameYear = date.getFullYear() === now.getFullYear();
  return dateFormat(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(date);
}

const startOfDay = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());

/** Bytes with at most one decimal: "820 byte", "1.4 MB". */
export function fileSize(bytes: number, locale: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return numberFormat(locale, {
    style: 'unit',
    unit: units[power] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: power < 2 ? 0 : 1,
  }).format(bytes / 1000 ** power);
}

/** Seconds as a player shows them: "0:07", "1:02:03". */
export function playTime(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '0:00';
  const whole = Math.floor(seconds);
  const rest = String(whole % 60).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${rest}`;
}

/** A price in its currency; the plain number where the currency is unknown. */
export function price(amount: number | string, currency: string, locale: string): string {
  const value = Number(amount);
  try {
    return numberFormat(locale, { style: 'currency', currency }).format(value);
  } catch {
    return `${amount} ${currency}`;
  }
}

/** A count as lists show it: the server counts to 100 and means more. */
export const cappedCount = (count: number): string => (count > 99 ? '99+' : String(count));

/** One or two letters that stand for a name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter((word) => /^\p{L}/u.test(word));
  const first = words[0];
  if (!first) return '#';
  const last = words.length > 1 ? words.at(-1) : undefined;
  return (firstLetter(first) + (last ? firstLetter(last) : '')).toLocaleUpperCase();
}

const firstLetter = (word: string) => Array.from(word)[0] ?? '';
export { richText, type Piece } from './richText';
