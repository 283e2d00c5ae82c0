/**
 * A day of quotes is New York's: UTC's would cut a winter's evening in two (20:00 in New York is 01:00 there).
 */
import { addDays, type IsoDay } from '#market/calendar/iso-day.js';
import { nyse } from '#market/calendar/nyse.js';
import { everyDayOf } from '#market/calendar/sessions.js';
import { instantOf } from '#market/calendar/zone.js';

const NEW_YORK = 'America/New_York';

/** Alpaca's free plan has nothing of the last 15 minutes. */
const SETTLE_MS = 16 * 60_000;

export interface QuoteDayBounds {
  /** The first nanosecond of the day and of the next one, as decimal text of 19 digits. */
  readonly fromNs: string;
  readonly toNs: string;
}

export function boundsOf(day: IsoDay): QuoteDayBounds {
  return { fromNs: nanoseconds(startOf(day)), toNs: nanoseconds(startOf(addDays(day, 1))) };
}

/** Midnight in New York, in ms. */
export function startOf(day: IsoDay): number {
  return instantOf(day, 0, NEW_YORK).getTime();
}

function nanoseconds(ms: number): string {
  return `${ms}000000`;
}

/**
 * The days from `start` to `end` that a feed can have quotes of: the exchange's sessions, or any day of the
 * overnight market (`boats`), which begins on a Sunday's evening.
 */
export function quoteDays(start: IsoDay, end: IsoDay, feed: string): readonly IsoDay[] {
  return feed === 'boats' ? everyDayOf(start, end) : nyse.sessions(start, end);
}

/** Whether nothing of the day is still to come. */
export function isOver(day: IsoDay, now: Date): boolean {
  return now.getTime() >= startOf(addDays(day, 1)) + SETTLE_MS;
}
