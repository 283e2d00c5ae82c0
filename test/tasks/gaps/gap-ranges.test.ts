/**
 * Ranges of holes say exactly which sessions are holes: in order, disjoint, none longer or shorter than it
 * can be.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nyse } from '#market/calendar/nyse.js';
import { type CoveredDay, isHole } from '#tasks/coverage/cover.js';
import { BACKFILLED, backfillDays } from '#tasks/gaps/backfill-days.js';
import { gapRanges, HOLE_STATES, isOpen } from '#tasks/gaps/gap-ranges.js';

const sessions = nyse.sessions('2024-03-25', '2024-06-20');
/** Days that differ in everything that parts two ranges, each often enough to stand beside its like. */
const covered = fc
  .array(
    fc.record({
      state: fc.constantFrom(...HOLE_STATES, 'done' as const, 'pending' as const),
      reason: fc.constantFrom('a', 'b'),
      accepted: fc.option(fc.constantFrom('why', 'so'), { nil: undefined, freq: 3 }),
    }),
    { maxLength: sessions.length },
  )
  .map((facts) =>
    facts.map((fact, i): CoveredDay => ({ ...fact, extra: false, day: sessions[i] ?? '', copy: undefined })),
  );

it('they expand to exactly the hole days, each with its state, reason and acceptance', () => {
  fc.assert(
    fc.property(covered, (days) => {
      const told = gapRanges(days).flatMap(({ start, end, sessions: n, ...what }) => {
        const within = nyse.sessions(start, end);
        expect(within.length).toBe(n);
        return within.map((day) => ({ day, accepted: undefined, ...what }));
      });
      expect(told).toEqual(days.filter(isHole).map(({ copy: _, extra: __, ...day }) => day));
    }),
  );
});

it('no two that follow one another could be one', () => {
  fc.assert(
    fc.property(covered, (days) => {
      const ranges = gapRanges(days);
      ranges.forEach((range, i) => {
        const next = ranges[i + 1];
        if (next === undefined) return;
        expect(next.start > range.end).toBe(true);
        const adjacent = nyse.sessions(range.end, next.start).length === 2;
        const same =
          next.state === range.state && next.reason === range.reason && next.accepted === range.accepted;
        expect(adjacent && same).toBe(false);
      });
    }),
  );
});

it('what is to be backfilled is what is open, or what was named, and never what was accepted', () => {
  fc.assert(
    fc.property(covered, fc.subarray([...HOLE_STATES]), (days, only) => {
      const ranges = gapRanges(days);
      const open = ranges.filter(isOpen).flatMap(({ start, end }) => nyse.sessions(start, end));
      expect([...backfillDays(ranges, BACKFILLED, nyse)]).toEqual(open);
      const named = days
        .filter(({ state, accepted }) => accepted === undefined && (only as string[]).includes(state))
        .map(({ day }) => day);
      expect([...backfillDays(ranges, only, nyse)]).toEqual(named);
    }),
  );
});
