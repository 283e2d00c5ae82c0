/** Holes grouped: consecutive sessions with the same state, reason and acceptance are one range. Pure. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { type CoveredDay, type HoleState, isHole } from '#tasks/coverage/cover.js';

export const HOLE_STATES: readonly HoleState[] = [
  'missing',
  'denied',
  'failed',
  'available',
  'never-asked',
  'pruned',
];

/** As it stands in the JSON document too. */
export interface GapRange {
  /** Both are sessions (but of an extra day), and every session between them belongs to it. */
  readonly start: IsoDay;
  readonly end: IsoDay;
  readonly sessions: number;
  /** A day outside the sessions of which the vendor lists a file: a range by itself, of 0 sessions. */
  readonly extra?: true;
  readonly state: HoleState;
  readonly reason: string;
  /** Why the user accepted it, where they did. */
  readonly accepted?: string;
}

/** `days`: consecutive sessions, ascending. The ranges are as long as they can be, and ascend. */
export function gapRanges(days: readonly CoveredDay[]): readonly GapRange[] {
  const ranges: GapRange[] = [];
  let open = false;
  for (const covered of days) {
    const gap = gapOf(covered);
    const last = ranges.at(-1);
    if (gap === undefined) open = false;
    else if (open && last !== undefined && isSame(last, gap))
      ranges[ranges.length - 1] = { ...last, end: gap.end, sessions: last.sessions + 1 };
    else {
      ranges.push(gap);
      open = true;
    }
  }
  return ranges;
}

/** Whether it makes `gaps` end with 3: nobody accepted it, and it was not removed on purpose. */
export function isOpen({ state, accepted }: Pick<GapRange, 'state' | 'accepted'>): boolean {
  return accepted === undefined && state !== 'pruned';
}

function gapOf(covered: CoveredDay): GapRange | undefined {
  if (!isHole(covered)) return undefined;
  const { day, extra, state, reason, accepted } = covered;
  const range: GapRange = {
    ...{ start: day, end: day, sessions: extra ? 0 : 1 },
    ...(extra ? { extra } : {}),
    ...{ state, reason },
  };
  return accepted === undefined ? range : { ...range, accepted };
}

function isSame(a: GapRange, b: GapRange): boolean {
  return (
    a.extra !== true &&
    b.extra !== true &&
    a.state === b.state &&
    a.reason === b.reason &&
    a.accepted === b.accepted
  );
}
