/** Coverage by month: what the heat map and the JSON document are drawn from. Pure. */
import { type IsoDay, monthOf } from '#market/calendar/iso-day.js';
import { type CoveredDay, isHole } from '#tasks/coverage/cover.js';

/** The sessions of a month that lie in the covered range; `done`, `pending` and `holes` add up to them. */
export interface CoverMonth {
  /** `YYYY-MM`. */
  readonly month: string;
  readonly sessions: number;
  readonly done: number;
  readonly pending: number;
  readonly holes: number;
  /** Days that are no sessions, and of which there is a file; beside the others. */
  readonly extra: number;
  /** Of the holes, those that the user accepted. */
  readonly accepted: number;
}

/**
 * Every state that a covered day can be in, under the names of the JSON document; they add up to the
 * sessions, but for `extra`.
 */
export interface StateCounts {
  readonly sessions: number;
  readonly done: number;
  readonly pending: number;
  readonly missing: number;
  readonly available: number;
  readonly denied: number;
  readonly failed: number;
  readonly pruned: number;
  readonly never_asked: number;
  /** Days that are no sessions, and of which the vendor had a file. */
  readonly extra: number;
}

/** `days` ascending; months without a session in the range are left out. */
export function coverMonths(days: readonly CoveredDay[]): readonly CoverMonth[] {
  const months = new Map<IsoDay, { -readonly [K in keyof CoverMonth]: CoverMonth[K] }>();
  for (const covered of days) {
    const month = monthOf(covered.day);
    let cell = months.get(month);
    if (cell === undefined) {
      cell = { month, sessions: 0, done: 0, pending: 0, holes: 0, extra: 0, accepted: 0 };
      months.set(month, cell);
    }
    if (covered.extra) {
      cell.extra++;
      continue;
    }
    cell.sessions++;
    if (covered.state === 'done') cell.done++;
    else if (!isHole(covered)) cell.pending++;
    else {
      cell.holes++;
      if (covered.accepted !== undefined) cell.accepted++;
    }
  }
  return [...months.values()];
}

export function countStates(days: readonly CoveredDay[]): StateCounts {
  const counts = {
    ...{ sessions: 0, done: 0, pending: 0, missing: 0, available: 0 },
    ...{ denied: 0, failed: 0, pruned: 0, never_asked: 0, extra: 0 },
  };
  for (const { state, extra } of days) {
    if (extra) {
      counts.extra++;
      continue;
    }
    counts.sessions++;
    counts[state === 'never-asked' ? 'never_asked' : state]++;
  }
  return counts;
}
