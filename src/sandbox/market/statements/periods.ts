/** The quarters of a company's books, counted from the year 0; its fiscal year has the name of its end. */
import { type DayNumber, lastOfMonth, sessionFrom } from '#sandbox/market/day-number.js';
import { GOLDEN, mix32 } from '#sandbox/market/hash.js';
import type { Reporter } from './reporter.js';

const SATURDAY = 6;
/** 1970-01-01 was a Thursday. */
const EPOCH_WEEKDAY = 4;

export function periodEnd({ yearEnd, endsOnSaturday }: Reporter, quarter: number): DayNumber {
  const month = 3 * quarter + (yearEnd % 3);
  const last = monthEnd(month);
  return endsOnSaturday ? last - ((((last + EPOCH_WEEKDAY - SATURDAY) % 7) + 7) % 7) : last;
}

/** The last quarter that ends on or before a day. */
export function quarterBefore(reporter: Reporter, day: DayNumber): number {
  let quarter = Math.floor((day / 365.2425 + 1970) * 4) + 1;
  while (periodEnd(reporter, quarter) > day) quarter -= 1;
  return quarter;
}

/** 1 to 4. */
export function fiscalQuarter({ yearEnd }: Reporter, quarter: number): number {
  const behind = (((3 * quarter + (yearEnd % 3) - yearEnd) % 12) + 12) % 12;
  return behind === 0 ? 4 : behind / 3;
}

export function fiscalYear(reporter: Reporter, quarter: number): number {
  const last = quarter + 4 - fiscalQuarter(reporter, quarter);
  return Math.floor((3 * last + (reporter.yearEnd % 3) - 1) / 12);
}

/** Four to six weeks after a quarter's end, seven to eleven after a year's; never before the shares are listed. */
export function filingDay(reporter: Reporter, quarter: number): DayNumber {
  const hash = mix32(reporter.seed + Math.imul(quarter, GOLDEN)) >>> 0;
  const last = fiscalQuarter(reporter, quarter) === 4;
  const usual = periodEnd(reporter, quarter) + (last ? 48 + (hash % 28) : 26 + (hash % 17));
  const listed = reporter.listings[0]?.first ?? 0;
  return sessionFrom(Math.max(usual, listed - 10));
}

const monthEnds = new Map<number, DayNumber>();

/** Of a month counted from January of the year 0, which is 1. */
function monthEnd(month: number): DayNumber {
  let day = monthEnds.get(month);
  if (day === undefined) {
    const year = Math.floor((month - 1) / 12);
    day = lastOfMonth(year, month - 12 * year);
    monthEnds.set(month, day);
  }
  return day;
}
