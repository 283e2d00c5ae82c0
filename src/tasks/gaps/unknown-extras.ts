/**
 * The days of a range on which nobody trades and of which nothing is known here: a file of such a day that
 * the vendor put into a month that is settled shows only where the month is listed again. Pure.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { everyDayOf, type SessionCalendar } from '#market/calendar/sessions.js';

export function unknownExtras(
  { start, end }: { readonly start: IsoDay; readonly end: IsoDay },
  calendar: SessionCalendar,
  isKnown: (day: IsoDay) => boolean,
): readonly IsoDay[] {
  return everyDayOf(start, end).filter((day) => !calendar.isSession(day) && !isKnown(day));
}
