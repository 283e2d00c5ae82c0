/** Which of the holes that were found are to be fetched. Pure. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { everyDayOf, type SessionCalendar } from '#market/calendar/sessions.js';
import type { HoleState } from '#tasks/coverage/cover.js';
import type { TickerGaps } from './find-gaps.js';
import { type GapRange, HOLE_STATES } from './gap-ranges.js';

/** All but what was removed on purpose: that comes back only when it is named. */
export const BACKFILLED: readonly HoleState[] = HOLE_STATES.filter((state) => state !== 'pruned');

/** The days of the ranges in one of the states; accepted holes are left out. */
export function backfillDays(
  gaps: readonly GapRange[],
  states: readonly HoleState[],
  calendar: SessionCalendar,
): ReadonlySet<IsoDay> {
  const days = gaps
    .filter(({ state, accepted }) => accepted === undefined && states.includes(state))
    .flatMap(({ start, end, extra }) => (extra === true ? [start] : calendar.sessions(start, end)));
  return new Set(days);
}

/**
 * The days of which the archive holds bars that some ticker's series lacks; days that are not here are among
 * them.
 */
export function unfilledDays(tickers: readonly Pick<TickerGaps, 'gaps'>[]): readonly IsoDay[] {
  const ranges = tickers.flatMap(({ gaps }) => gaps.filter(({ state }) => state === 'not-filled'));
  return [...new Set(ranges.flatMap(({ start, end }) => everyDayOf(start, end)))];
}

/** Whether a text names a state that a hole can have. */
export function isHoleState(text: unknown): text is HoleState {
  return (HOLE_STATES as readonly unknown[]).includes(text);
}
