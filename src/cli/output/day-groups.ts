/** Consecutive sessions with the same trouble reported as one range, so that a year of them is one line. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { SessionCalendar } from '#market/calendar/sessions.js';

export interface DayGroup {
  readonly state: string;
  readonly reason: string;
  readonly start: IsoDay;
  readonly end: IsoDay;
  readonly days: number;
}

/** `problems` ascending by day. */
export function groupDays(
  problems: readonly { readonly day: IsoDay; readonly state: string; readonly reason: string }[],
  calendar: SessionCalendar,
): readonly DayGroup[] {
  const groups: { state: string; reason: string; start: IsoDay; end: IsoDay; days: number }[] = [];
  for (const { day, state, reason } of problems) {
    const last = groups.at(-1);
    const follows = last !== undefined && calendar.sessions(last.end, day).length <= 2;
    if (last !== undefined && follows && last.state === state && last.reason === reason) {
      last.end = day;
      last.days++;
    } else {
      groups.push({ state, reason, start: day, end: day, days: 1 });
    }
  }
  return groups;
}
