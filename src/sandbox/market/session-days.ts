/**
 * The days of a market's files. Several datasets share a calendar, and to count twenty years of sessions
 * takes a while: once is enough.
 */
import { addDays, daysBetween, type IsoDay } from '#market/calendar/iso-day.js';
import { nyse } from '#market/calendar/nyse.js';

const EARLIEST: IsoDay = '2003-09-10';
const counted = new Map<IsoDay, readonly IsoDay[]>();

/** The New York Stock Exchange's sessions from `first`, at the earliest 2003-09-10, to `last`. */
export function sessionDays(first: IsoDay, last: IsoDay): readonly IsoDay[] {
  let sessions = counted.get(last);
  if (sessions === undefined) {
    sessions = daysBetween(EARLIEST, last) < 0 ? [] : nyse.sessions(EARLIEST, last);
    counted.clear();
    counted.set(last, sessions);
  }
  return sessions.filter((day) => day >= first);
}

/** Every day of the calendar. */
export function calendarDays(first: IsoDay, last: IsoDay): readonly IsoDay[] {
  return Array.from({ length: Math.max(0, daysBetween(first, last) + 1) }, (_, i) => addDays(first, i));
}
