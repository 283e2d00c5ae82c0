/**
 * Sets of days as ascending, disjoint ranges, immutable and shared: thousands of tickers that were looked up on the same days point
 * to one value. A range covers the sessions in it; days that are none do not part two ranges.
 */
import { addDays, type IsoDay } from '#market/calendar/iso-day.js';
import type { SessionCalendar } from '#market/calendar/sessions.js';

export type DayRange = readonly [start: IsoDay, end: IsoDay];
export type DayRanges = readonly DayRange[];

export const NO_DAYS: DayRanges = [];

export function hasDay(ranges: DayRanges, day: IsoDay): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[middle] as DayRange)[1] < day) low = middle + 1;
    else high = middle;
  }
  const range = ranges[low];
  return range !== undefined && range[0] <= day;
}

/** The union with single days, in any order. */
export function withDays(ranges: DayRanges, days: Iterable<IsoDay>, calendar: SessionCalendar): DayRanges {
  const added = [...days].map((day): DayRange => [day, day]);
  const all = [...ranges, ...added].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const merged: [IsoDay, IsoDay][] = [];
  for (const [start, end] of all) {
    const last = merged.at(-1);
    if (last !== undefined && joined(last[1], start, calendar)) {
      if (end > last[1]) last[1] = end;
    } else {
      merged.push([start, end]);
    }
  }
  return merged;
}

/** Whether no session or optional day lies between two days. */
function joined(end: IsoDay, start: IsoDay, calendar: SessionCalendar): boolean {
  if (start <= addDays(end, 1)) return true;
  for (let day = addDays(end, 1); day < start; day = addDays(day, 1))
    if (calendar.isSession(day) || calendar.isOptional(day)) return false;
  return true;
}
