/**
 * The calendars of markets that no exchange opens and closes. Their days are those of UTC, as the vendor cuts
 * them, and no holiday shuts them: on Christmas and New Year the currency market reopens within the UTC day.
 */
import { weekday } from './iso-day.js';
import { calendarOf, type SessionCalendar } from './sessions.js';

const SATURDAY = 6;

/** Crypto: every day of the year is a session. */
export const everyDay: SessionCalendar = calendarOf({
  name: 'every day',
  isSession: () => true,
  closure: () => undefined,
});

/**
 * Currencies trade from Sunday 17:00 to Friday 17:00 in New York: Sunday to Friday are sessions in UTC. A few
 * quotes come in on a Saturday, of which the vendor may have a file: an extra day.
 */
export const forexWeek: SessionCalendar = calendarOf({
  name: 'forex',
  isSession: (day) => weekday(day) !== SATURDAY,
  closure: () => undefined,
});
