/**
 * When each market trades, minute by minute, and how crowded each minute is. Stocks, options and indices go
 * by New York's clock, the others by UTC; a day of five-o'clock rollovers, as forex has, begins and ends with
 * New York's.
 */
import { type IsoDay, weekday } from '#market/calendar/iso-day.js';
import { nyseEarlyClose } from '#market/calendar/nyse.js';
import { instantOf } from '#market/calendar/zone.js';
import type { MinuteProfile } from './minute-path.js';

const NEW_YORK = 'America/New_York';
const MS_PER_HOUR = 3_600_000;
const MINUTES_A_DAY = 1440;
const [PRE_MARKET, OPEN, EARLY_CLOSE, LATE_EARLY_CLOSE] = [4 * 60, 9 * 60 + 30, 13 * 60, 13 * 60 + 15];
const [CLOSE, INDEX_OPTIONS_CLOSE, EARLY_POST_MARKET, POST_MARKET] = [
  16 * 60,
  16 * 60 + 15,
  17 * 60,
  20 * 60,
];

export interface Hours {
  readonly full: MinuteProfile;
  readonly early: MinuteProfile;
}

/** Pre-market, the regular session, after hours. */
export const STOCK_HOURS: Hours = {
  full: profile([PRE_MARKET, OPEN, CLOSE, POST_MARKET], sessionCrowd, 0.07),
  early: profile([PRE_MARKET, OPEN, EARLY_CLOSE, EARLY_POST_MARKET], sessionCrowd, 0.14),
};
export const OPTION_HOURS: Hours = {
  full: profile([OPEN, OPEN, CLOSE, CLOSE], sessionCrowd, 0.25),
  early: profile([OPEN, OPEN, EARLY_CLOSE, EARLY_CLOSE], sessionCrowd, 0.45),
};
export const INDEX_OPTION_HOURS: Hours = {
  full: profile([OPEN, OPEN, INDEX_OPTIONS_CLOSE, INDEX_OPTIONS_CLOSE], sessionCrowd, 0.25),
  early: profile([OPEN, OPEN, LATE_EARLY_CLOSE, LATE_EARLY_CLOSE], sessionCrowd, 0.45),
};
/** Every minute has a value. */
export const INDEX_HOURS: Hours = {
  full: profile([OPEN, OPEN, CLOSE, CLOSE], sessionCrowd, 1e6),
  early: profile([OPEN, OPEN, EARLY_CLOSE, EARLY_CLOSE], sessionCrowd, 1e6),
};
/** Round the clock; the afternoon of Europe is the morning of New York. */
export const ROUND_THE_CLOCK: MinuteProfile = profile([0, 0, MINUTES_A_DAY, MINUTES_A_DAY], clockCrowd, 1);

/** The hours of a New York session. */
export function hoursOf(day: IsoDay, { full, early }: Hours): MinuteProfile {
  return nyseEarlyClose(day) === undefined ? full : early;
}

/**
 * From Sunday, 17:00 in New York, to Friday, 17:00; on a Saturday that is listed, what trickled in after
 * midnight.
 */
export function forexHours(day: IsoDay): MinuteProfile {
  const rollover = (instantOf(day, 17, NEW_YORK).getTime() - utcMidnight(day)) / 60_000;
  switch (weekday(day)) {
    case 0:
      return profile([rollover, rollover, MINUTES_A_DAY, MINUTES_A_DAY], clockCrowd, 1);
    case 5:
      return profile([0, 0, rollover, rollover], clockCrowd, 1);
    case 6:
      return profile([0, 0, 120, 120], () => 1, 1e-4);
    default:
      return ROUND_THE_CLOCK;
  }
}

export function utcMidnight(day: IsoDay): number {
  return Date.parse(`${day}T00:00:00Z`);
}

/** Midnight in New York that begins the day, in ms. */
export function newYorkMidnight(day: IsoDay): number {
  return instantOf(day, 0, NEW_YORK).getTime();
}

/**
 * The instant from which New York's clock has run evenly to all of the day's sessions: midnight, but on a day
 * of the change of clocks.
 */
export function newYorkDayStart(day: IsoDay): number {
  return instantOf(day, 4, NEW_YORK).getTime() - 4 * MS_PER_HOUR;
}

function profile(
  [from, openAt, closeAt, to]: readonly [from: number, openAt: number, closeAt: number, to: number],
  crowd: (minute: number, openAt: number, closeAt: number) => number,
  eagerness: number,
): MinuteProfile {
  const weights = new Int32Array(MINUTES_A_DAY);
  let session = 0;
  for (let minute = from; minute < to; minute++) {
    const weight = crowd(minute, openAt, closeAt);
    weights[minute] = weight;
    if (minute >= openAt && minute < closeAt) session += weight;
  }
  return { weights, from, openAt, closeAt, to, odds: eagerness / session };
}

/** Most at the open and the close, least at lunch; a trickle outside. */
function sessionCrowd(minute: number, openAt: number, closeAt: number): number {
  if (minute < openAt) return minute < openAt - 150 ? 4 : 5 + Math.floor((minute - openAt + 150) / 15);
  if (minute >= closeAt) return Math.max(4, 16 - Math.floor((minute - closeAt) / 10));
  const [since, left] = [minute - openAt, closeAt - 1 - minute];
  return 60 + Math.floor(6000 / (since + 24)) + Math.floor(5200 / (left + 18));
}

function clockCrowd(minute: number): number {
  if (minute < 7 * 60) return 40;
  if (minute < 12 * 60) return 90;
  return minute < 17 * 60 ? 160 : minute < 21 * 60 ? 70 : 25;
}
