/**
 * Between an instant and the wall clock of a named time zone (IANA, such as `America/New_York`), with the
 * rules for daylight saving time that the JavaScript engine carries. The machine's own zone never plays a
 * part.
 */
import type { IsoDay } from './iso-day.js';

const MS_PER_HOUR = 3_600_000;
/** Longer than any zone's distance from UTC, and far shorter than the time between two changes of a clock. */
const A_DAY = 24 * MS_PER_HOUR;

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * The instant at which clocks in `timeZone` show `hour` o'clock (0 to 23) on `day`. An hour that is shown
 * twice (clocks put back) is the first of the two; one that is skipped (clocks put forward) is as much later:
 * 02:00 is then 03:00. RangeError for an unknown zone.
 */
export function instantOf(day: IsoDay, hour: number, timeZone: string): Date {
  const wall = Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10)), hour);
  return new Date(instantOfWall(wall, timeZone));
}

/**
 * The same for any wall clock, given and returned in ms: `wall` is what the clock shows, taken as if it were
 * UTC.
 */
export function instantOfWall(wall: number, timeZone: string): number {
  const before = wall - offsetAt(wall - A_DAY, timeZone);
  const after = wall - offsetAt(wall + A_DAY, timeZone);
  if (before === after || before + offsetAt(before, timeZone) === wall) return before;
  return after + offsetAt(after, timeZone) === wall ? after : before;
}

/** The day that calendars in `timeZone` show at an instant. RangeError for an unknown zone. */
export function dayIn(timeZone: string, instant: Date): IsoDay {
  return new Date(instant.getTime() + offsetAt(instant.getTime(), timeZone)).toISOString().slice(0, 10);
}

/** The engine's own spelling of an IANA name (`utc` is `UTC`); undefined for what it does not know as one. */
export function zoneNamed(name: string): string | undefined {
  // Newer engines take offsets too, which know nothing of summer.
  if (!/^[A-Za-z]/.test(name)) return undefined;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** How far the wall clock is ahead of UTC at an instant, in ms. */
export function offsetAt(instant: number, timeZone: string): number {
  const seconds = Math.floor(instant / 1000) * 1000;
  const shown = { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0 };
  for (const { type, value } of formatOf(timeZone).formatToParts(seconds)) {
    if (type in shown) shown[type as keyof typeof shown] = Number(value);
  }
  return Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour, shown.minute, shown.second) - seconds;
}

/** Making one takes a thousand times as long as using it. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timeZone, format);
  }
  return format;
}
