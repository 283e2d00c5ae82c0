/**
 * The hours of a market's day, as segments of its trade date: on the New York Stock Exchange the regular
 * session from 09:30 to 16:00 (13:00 on the days that close early), what is traded before and after it from
 * 04:00 to 20:00 (17:00 on those days; https://www.nyse.com/markets/hours-calendars), and the night before
 * it, from 20:00 of the evening before (trade-date.ts). A bar of minutes never reaches from one segment into
 * the next. Minutes are those that the clock shows, counted from the midnight at which the day begins.
 */
import type { IsoDay } from './iso-day.js';
import { nyse, nyseEarlyClose } from './nyse.js';
import type { SessionCalendar } from './sessions.js';
import { EVENING_HOUR } from './trade-date.js';

export interface Segment {
  /** Minute of the local day at which it begins, and the one before which it ends; below 0: of the day before. */
  readonly from: number;
  readonly to: number;
  readonly kind: 'regular' | 'extended' | 'overnight' | 'closed';
}

export interface TradingHours {
  /** Ascending, without gaps, from 0 or, where a day begins on the evening before, -240 to 1440. */
  segments(day: IsoDay): readonly Segment[];
}

/**
 * Which segments are wanted: the regular session, that and what is traded before and after it, the night
 * before it alone, or every minute that there is.
 */
export const SESSION_CHOICES = ['regular', 'extended', 'overnight', 'all'] as const;
export type SessionChoice = (typeof SESSION_CHOICES)[number];

const DAY_END = 24 * 60;
const EVENING = (EVENING_HOUR - 24) * 60;
const EARLY_OPEN = 4 * 60;
const OPEN = 9 * 60 + 30;
const CLOSE = 16 * 60;
const EARLY_CLOSE = 13 * 60;
/** How long the late session goes on after the close. */
const LATE_SESSION = 4 * 60;

const fullDay = nyseDay(CLOSE);
const shortDay = nyseDay(EARLY_CLOSE);
const noSession: readonly Segment[] = [{ from: EVENING, to: DAY_END, kind: 'closed' }];
const oneSession: readonly Segment[] = [{ from: 0, to: DAY_END, kind: 'regular' }];

export const nyseHours: TradingHours = {
  segments(day) {
    if (!nyse.isSession(day)) return noSession;
    return nyseEarlyClose(day) === undefined ? fullDay : shortDay;
  },
};

/** Markets that never close: nothing is outside their session. */
export const allHours: TradingHours = { segments: () => oneSession };

/** The hours of the market whose sessions a calendar gives. */
export function hoursOf(calendar: SessionCalendar): TradingHours {
  return calendar.name === nyse.name ? nyseHours : allHours;
}

/** Whether the minute lies in the regular session of the New York Stock Exchange. */
export function isRegular(day: IsoDay, minuteOfDay: number): boolean {
  return segmentAt(nyseHours, day, minuteOfDay)?.kind === 'regular';
}

/** Whether a choice can hold anything on that market. */
export function hasSession(hours: TradingHours, choice: SessionChoice): boolean {
  return choice !== 'overnight' || hours !== allHours;
}

/** Undefined for what is no minute of a day. */
export function segmentAt(hours: TradingHours, day: IsoDay, minuteOfDay: number): Segment | undefined {
  return hours.segments(day).find(({ from, to }) => minuteOfDay >= from && minuteOfDay < to);
}

export function isChosen(choice: SessionChoice, { kind }: Segment): boolean {
  if (choice === 'all' || kind === choice) return true;
  return kind === 'regular' && choice === 'extended';
}

function nyseDay(close: number): readonly Segment[] {
  return [
    { from: EVENING, to: EARLY_OPEN, kind: 'overnight' },
    { from: EARLY_OPEN, to: OPEN, kind: 'extended' },
    { from: OPEN, to: close, kind: 'regular' },
    { from: close, to: close + LATE_SESSION, kind: 'extended' },
    { from: close + LATE_SESSION, to: DAY_END, kind: 'closed' },
  ];
}
