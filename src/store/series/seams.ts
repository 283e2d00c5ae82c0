/**
 * Where rows of the user's and the vendor's meet on another scale: a file that is adjusted for splits beside
 * prices that are not, above all. Pure; floats, for ratios only.
 */
import { daysBetween, type IsoDay } from '#market/calendar/iso-day.js';
import type { Row } from './row.js';

export interface Seam {
  /** The two days, the earlier one first, and their closes. */
  readonly before: IsoDay;
  readonly day: IsoDay;
  /** By how much the close changes from one to the other. */
  readonly percent: number;
  readonly what: string;
}

/** A close that is so many times the other's, or more, is on another scale. */
const TIMES = 1.4;
/** Days further apart do not meet. */
const APART = 10;

/** `rows` of a bar a day, ascending; `isVendors`: whether the row of that day is the vendor's. */
export function seamsOf(rows: readonly Row[], isVendors: (day: IsoDay) => boolean): readonly Seam[] {
  return rows.flatMap(({ day, values }, i): readonly Seam[] => {
    const before = rows[i - 1];
    if (before === undefined || daysBetween(before.day, day) > APART) return [];
    const isVendorsNow = isVendors(day);
    if (isVendors(before.day) === isVendorsNow) return [];
    const [from, to] = [closeOf(before.values), closeOf(values)];
    const ratio = to / from;
    if (!(ratio >= TIMES || ratio <= 1 / TIMES)) return [];
    const percent = Math.trunc((ratio - 1) * 100);
    const [ends, begins] = isVendorsNow ? ['your rows', "the vendor's"] : ["the vendor's rows", 'yours'];
    const what = `${ends} end on ${before.day} and ${begins} begin on ${day} on another scale: the close jumps by ${percent} % (${from} to ${to})`;
    return [{ before: before.day, day, percent, what }];
  });
}

function closeOf(values: string): number {
  const close = Number(values.split(',')[3] || Number.NaN);
  return close > 0 ? close : Number.NaN;
}
