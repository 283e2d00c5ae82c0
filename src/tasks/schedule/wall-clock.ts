/**
 * An hour of one zone given in another. The two put their clocks forward and back on different days, so over
 * a year one hour there is several here. Pure.
 */
import { addDays, daysBetween, type IsoDay } from '#market/calendar/iso-day.js';
import { instantOf, offsetAt } from '#market/calendar/zone.js';

/** Hour and minute of a day. */
export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

/** `11:30`; undefined for anything that is no time of day. */
export function parseTimeOfDay(text: string): TimeOfDay | undefined {
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  return hour === undefined || minute === undefined
    ? undefined
    : { hour: Number(hour), minute: Number(minute) };
}

export function timeText({ hour, minute }: TimeOfDay): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

export interface LocalHours {
  /** The earliest and the latest that it is here during the year. */
  readonly earliest: TimeOfDay;
  readonly latest: TimeOfDay;
  /** Days that the latest is behind (-1: the day before there, 1: the day after). */
  readonly dayShift: number;
}

const MINUTES_A_DAY = 1440;
const A_YEAR = 366;

/**
 * When it is `at` in `there`, what it is in `here`, over the year that begins with `from`. RangeError for an
 * unknown zone.
 */
export function localHours(at: TimeOfDay, there: string, here: string, from: IsoDay): LocalHours {
  let [earliest, latest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i <= A_YEAR; i++) {
    const reached = minutesHere(addDays(from, i), at, there, here);
    if (reached < earliest) earliest = reached;
    if (reached > latest) latest = reached;
  }
  return {
    earliest: timeOf(earliest),
    latest: timeOf(latest),
    dayShift: Math.floor(latest / MINUTES_A_DAY),
  };
}

/**
 * In minutes since the midnight here with which that day begins: below 0 on the day before, above a day's on
 * the day after.
 */
function minutesHere(day: IsoDay, { hour, minute }: TimeOfDay, there: string, here: string): number {
  const instant = instantOf(day, hour, there).getTime() + minute * 60_000;
  const shown = wallClock(new Date(instant), here);
  return daysBetween(day, shown.day) * MINUTES_A_DAY + shown.minutes;
}

function timeOf(reached: number): TimeOfDay {
  const minutes = ((reached % MINUTES_A_DAY) + MINUTES_A_DAY) % MINUTES_A_DAY;
  return { hour: Math.floor(minutes / 60), minute: minutes % 60 };
}

function wallClock(instant: Date, timeZone: string): { readonly day: IsoDay; readonly minutes: number } {
  // What a clock there shows, as if it were UTC's.
  const shown = new Date(instant.getTime() + offsetAt(instant.getTime(), timeZone));
  return {
    day: shown.toISOString().slice(0, 10),
    minutes: shown.getUTCHours() * 60 + shown.getUTCMinutes(),
  };
}

/** Weekdays (0: Sunday) moved by so many days, ascending. */
export function shiftWeekdays(weekdays: readonly number[], by: number): readonly number[] {
  return weekdays.map((day) => (((day + by) % 7) + 7) % 7).sort((a, b) => a - b);
}

/** Weekdays as people and cron name them: `2-6`, `0,3-6`; `names` by number. */
export function weekdayRanges(
  weekdays: readonly number[],
  names: (weekday: number) => string,
  to: string,
): string {
  const runs: [number, number][] = [];
  for (const day of weekdays) {
    const last = runs.at(-1);
    if (last !== undefined && day === last[1] + 1) last[1] = day;
    else runs.push([day, day]);
  }
  return runs
    .map(([first, last]) => (first === last ? names(first) : `${names(first)}${to}${names(last)}`))
    .join(',');
}
