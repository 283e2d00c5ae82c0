/**
 * Sets of days as ascending, disjoint ranges, immutable and shared: thousands of tickers that were looked up
 * on the same days point to one value. A range covers the days in it that can have a file: sessions, and
 * extra days that are known. Others do not part two ranges.
 */
import { addDays, type IsoDay } from '#market/calendar/iso-day.js';

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

/** The union with single days, in any order. `hasFile`: whether a day can have a file, as far as is known. */
export function withDays(
  ranges: DayRanges,
  days: Iterable<IsoDay>,
  hasFile: (day: IsoDay) => boolean,
): DayRanges {
  const added = [...days].map((day): DayRange => [day, day]);
  const all = [...ranges, ...added].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const merged: [IsoDay, IsoDay][] = [];
  for (const [start, end] of all) {
    const last = merged.at(-1);
    if (last !== undefined && joined(last[1], start, hasFile)) {
      if (end > last[1]) last[1] = end;
    } else {
      merged.push([start, end]);
    }
  }
  return merged;
}

/** The ranges without a day. */
export function withoutDay(ranges: DayRanges, day: IsoDay): DayRanges {
  if (!hasDay(ranges, day)) return ranges;
  return ranges.flatMap(([start, end]): readonly DayRange[] => {
    if (day < start || day > end) return [[start, end]];
    const before: DayRange = [start, addDays(day, -1)];
    const behind: DayRange = [addDays(day, 1), end];
    return [before, behind].filter(([from, to]) => from <= to);
  });
}

/** Whether no day that can have a file lies between two days. */
function joined(end: IsoDay, start: IsoDay, hasFile: (day: IsoDay) => boolean): boolean {
  for (let day = addDays(end, 1); day < start; day = addDays(day, 1)) if (hasFile(day)) return false;
  return true;
}
