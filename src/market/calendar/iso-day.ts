/**
 * A calendar day as text, `YYYY-MM-DD`, which sorts as it reads. All arithmetic is on whole days of the
 * proleptic Gregorian calendar; no function here knows a clock or a time zone. Years 1900 to 9999: what lies
 * outside is no day.
 */

/** `YYYY-MM-DD`. Text from outside becomes one by passing `isIsoDay`. */
export type IsoDay = string;

const MS_PER_DAY = 86_400_000;
const SHAPE = /^(?:19|[2-9]\d)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

/** Whether `text` is a day that the calendar has: `2024-02-29` is, `2023-02-29` and `2024-2-9` are not. */
export function isIsoDay(text: string): boolean {
  if (!SHAPE.test(text)) return false;
  const dayOfMonth = Number(text.slice(8, 10));
  return dayOfMonth <= 28 || dayOfMonth <= monthLength(Number(text.slice(0, 4)), Number(text.slice(5, 7)));
}

/**
 * The day `n` days after `day` (before it, where `n` is negative). RangeError where that leaves the years
 * 1900 to 9999.
 */
export function addDays(day: IsoDay, n: number): IsoDay {
  return dayOfNumber(dayNumber(day) + n);
}

/** 0 is Sunday, 6 Saturday. */
export function weekday(day: IsoDay): number {
  return (((dayNumber(day) + 4) % 7) + 7) % 7;
}

/** Days from `a` to `b`: 1 from a day to the next, negative where `b` is earlier. */
export function daysBetween(a: IsoDay, b: IsoDay): number {
  return dayNumber(b) - dayNumber(a);
}

/** The `YYYY-MM` of a day. */
export function monthOf(day: IsoDay): string {
  return day.slice(0, 7);
}

/**
 * Every `YYYY-MM` from that of `a` to that of `b`, both included, ascending; none where `b` is in an earlier
 * month.
 */
export function monthsBetween(a: IsoDay, b: IsoDay): readonly string[] {
  const months: string[] = [];
  for (let month = monthNumber(a); month <= monthNumber(b); month++) months.push(monthText(month));
  return months;
}

/** Whole days since 1970-01-01. RangeError where `day` is none. */
function dayNumber(day: IsoDay): number {
  if (!isIsoDay(day)) throw new RangeError(`${JSON.stringify(day)} is not a day (YYYY-MM-DD)`);
  return (
    Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10))) / MS_PER_DAY
  );
}

function dayOfNumber(number: number): IsoDay {
  const date = new Date(number * MS_PER_DAY);
  const day = Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10);
  if (!isIsoDay(day)) throw new RangeError(`day ${number} since 1970 is outside the years 1900 to 9999`);
  return day;
}

/** Months since the year 0. */
function monthNumber(day: IsoDay): number {
  return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
}

function monthText(month: number): string {
  return `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`;
}

function monthLength(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
