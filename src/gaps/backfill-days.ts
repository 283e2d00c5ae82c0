/** Which of the holes that were found are to be fetched. Pure. */
import type { IsoDay } from '../calendar/iso-day.js';
import type { SessionCalendar } from '../calendar/sessions.js';
import type { HoleState } from '../coverage/cover.js';
import { type GapRange, HOLE_STATES } from './gap-ranges.js';

/** All but what was removed on purpose: that comes back only when it is named. */
export const BACKFILLED: readonly HoleState[] = HOLE_STATES.filter((state) => state !== 'pruned');

/** The sessions of the ranges in one of the states; accepted holes are left out. */
export function backfillDays(
  gaps: readonly GapRange[],
  states: readonly HoleState[],
  calendar: SessionCalendar,
): ReadonlySet<IsoDay> {
  const days = gaps
    .filter(({ state, accepted }) => accepted === undefined && states.includes(state))
    .flatMap(({ start, end }) => calendar.sessions(start, end));
  return new Set(days);
}

/** Whether a text names a state that a hole can have. */
export function isHoleState(text: unknown): text is HoleState {
  return (HOLE_STATES as readonly unknown[]).includes(text);
}
