/**
 * The clock of markets that know no weekend: days counted from Monday 2003-09-08, as weekday-index counts
 * weekdays.
 */
import { daysBetween, type IsoDay } from '#market/calendar/iso-day.js';

const EPOCH: IsoDay = '2003-09-08';

export function calendarIndex(day: IsoDay): number {
  return daysBetween(EPOCH, day);
}
