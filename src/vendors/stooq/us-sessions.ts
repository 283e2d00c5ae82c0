/** New York's sessions as YYYYMMDD numbers, from the first year that the calendar knows whole. */
import { nyse } from '#market/calendar/nyse.js';

const FIRST_YEAR = 2003;

const sessionsByYear = new Map<number, readonly number[]>();

/** Sessions between the first and the last of the days that are none of them. `days`: ascending. */
export function missingSessions(days: Int32Array): number {
  const last = days.at(-1) ?? 0;
  let at = days.findIndex((day) => day >= FIRST_YEAR * 10_000);
  if (at < 0) return 0;
  const first = days[at] as number;
  let missing = 0;
  for (let year = yearOf(first); year <= yearOf(last); year++)
    for (const session of sessionsOf(year)) {
      if (session < first) continue;
      if (session > last) break;
      while (at < days.length && (days[at] as number) < session) at++;
      if (days[at] !== session) missing++;
    }
  return missing;
}

const yearOf = (day: number): number => Math.floor(day / 10_000);

function sessionsOf(year: number): readonly number[] {
  let sessions = sessionsByYear.get(year);
  if (sessions === undefined) {
    sessions = nyse.sessions(`${year}-01-01`, `${year}-12-31`).map((day) => Number(day.replaceAll('-', '')));
    sessionsByYear.set(year, sessions);
  }
  return sessions;
}
