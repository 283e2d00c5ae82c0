/**
 * Ranges of days against a plain set of days: nothing that was not looked up may seem so, nothing looked up
 * may be lost.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '#market/calendar/iso-day.js';
import { nyse } from '#market/calendar/nyse.js';
import { type DayRanges, hasDay, NO_DAYS, withDays } from '#store/ledger/day-ranges.js';

// The turn of a year: weekends, Christmas and New Year's Day lie between sessions.
const FIRST = '2024-12-16';
const all = Array.from({ length: 35 }, (_, i) => addDays(FIRST, i));
const sessions = all.filter((day) => nyse.isSession(day));
const someDays = fc.array(fc.constantFrom(...sessions), { maxLength: 20 });

const built = (...lists: string[][]): DayRanges =>
  lists.reduce((ranges, list) => withDays(ranges, list, nyse.isSession), NO_DAYS);

test('sessions are in exactly if they were put in, in whatever order and portions', () => {
  fc.assert(
    fc.property(someDays, someDays, (first, second) => {
      const ranges = built(first, second);
      const model = new Set([...first, ...second]);
      for (const day of sessions) expect(hasDay(ranges, day)).toBe(model.has(day));
      expect(built(second, first)).toEqual(ranges);
      expect(built([...first, ...second].sort())).toEqual(ranges);
      expect(withDays(ranges, first, nyse.isSession)).toEqual(ranges);
    }),
  );
});

test('ranges ascend, are disjoint, begin and end with days that were put in, and a session lies between two of them', () => {
  fc.assert(
    fc.property(someDays, someDays, (first, second) => {
      const ranges = built(first, second);
      const model = [...first, ...second];
      for (const [i, [start, end]] of ranges.entries()) {
        expect(start <= end && model.includes(start) && model.includes(end)).toBe(true);
        const next = ranges[i + 1];
        if (next !== undefined)
          expect(nyse.sessions(addDays(end, 1), addDays(next[0], -1)).length).toBeGreaterThan(0);
      }
    }),
  );
});

test('holidays and weekends do not part two ranges', () => {
  expect(built(['2024-12-24'], ['2024-12-26', '2024-12-27'], ['2024-12-30'])).toEqual([
    ['2024-12-24', '2024-12-30'],
  ]);
  expect(built(['2024-12-24'], ['2024-12-27'])).toEqual([
    ['2024-12-24', '2024-12-24'],
    ['2024-12-27', '2024-12-27'],
  ]);
  expect(built(sessions)).toEqual([[sessions[0], sessions.at(-1)]]);
});

test('what went in is not changed', () => {
  const ranges = built(['2024-12-24']);
  withDays(ranges, ['2024-12-26'], nyse.isSession);
  expect(ranges).toEqual([['2024-12-24', '2024-12-24']]);
  expect(NO_DAYS).toEqual([]);
});
