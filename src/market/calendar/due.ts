/**
 * When a session's file is due and when it is overdue: the vendor publishes by an hour of the next calendar
 * day in the dataset's own zone (DESIGN, "Words"). Pure: the caller says what time it is.
 */
import { addDays, type IsoDay } from './iso-day.js';
import type { SessionCalendar } from './sessions.js';
import { dayIn, instantOf } from './zone.js';

const MS_PER_HOUR = 3_600_000;

export interface Publication {
  /** IANA name. */
  readonly timeZone: string;
  /** O'clock (0 to 23) in that zone, on the calendar day after the session. */
  readonly hour: number;
  /** Hours that pass between due and overdue. */
  readonly overdueAfterHours: number;
}

/** From this instant on, the file of `day` is expected to be listed. */
export function dueAt(day: IsoDay, publication: Publication): Date {
  return instantOf(addDays(day, 1), publication.hour, publication.timeZone);
}

/** From this instant on, a file of `day` that is not listed is missing rather than pending. */
export function overdueAt(day: IsoDay, publication: Publication): Date {
  return new Date(dueAt(day, publication).getTime() + publication.overdueAfterHours * MS_PER_HOUR);
}

/** The latest session whose file is due at `now`. */
export function lastDueSession(calendar: SessionCalendar, publication: Publication, now: Date): IsoDay {
  return lastReached(calendar, publication, now, dueAt);
}

/** The latest session whose file is overdue at `now`; so are all before it. */
export function lastOverdueSession(calendar: SessionCalendar, publication: Publication, now: Date): IsoDay {
  return lastReached(calendar, publication, now, overdueAt);
}

function lastReached(
  calendar: SessionCalendar,
  publication: Publication,
  now: Date,
  at: (day: IsoDay, publication: Publication) => Date,
): IsoDay {
  let session = calendar.previous(dayIn(publication.timeZone, now), 0);
  while (at(session, publication).getTime() > now.getTime()) session = calendar.previous(session, 1);
  return session;
}
