/** Calendar months back. Apart from iso-day.ts, so that who needs only days does not load date-fns. */
import { subMonths } from 'date-fns/subMonths';
import { type IsoDay, isIsoDay } from './iso-day.js';

/**
 * The same day of the month `n` months earlier, or that month's last day where it is shorter. RangeError
 * before 1900.
 */
export function subMonthsClamped(day: IsoDay, n: number): IsoDay {
  // Noon in the machine's own zone, there and back: whatever the zone, the calendar day is the one that is
  // meant.
  const noon = new Date(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10)), 12);
  const then = subMonths(noon, n);
  const earlier = `${then.getFullYear()}-${twoDigits(then.getMonth() + 1)}-${twoDigits(then.getDate())}`;
  if (!isIsoDay(earlier)) throw new RangeError(`${n} months before ${day} is outside the years 1900 to 9999`);
  return earlier;
}

function twoDigits(n: number): string {
  return String(n).padStart(2, '0');
}
