/**
 * The calendar of coverage: whatever is covered stands in it once, in the month where it belongs, and no line
 * is too wide.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type HeatMapStyle, heatMap, legend, levelOf } from '#cli/output/heat-map.js';
import { nyse } from '#market/calendar/nyse.js';
import type { CoveredDay, CoverState } from '#tasks/coverage/cover.js';
import { countStates, coverMonths } from '#tasks/status/cover-months.js';

const STATES: readonly CoverState[] = [
  ...(['done', 'done', 'done', 'done', 'pending', 'missing', 'denied'] as const),
  ...(['failed', 'pruned', 'available', 'never-asked'] as const),
];
/** Of colour alone. */
const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
const wide: HeatMapStyle = { width: 77, ascii: false, color: false };

function covered(day: string, state: CoverState, accepted?: string): CoveredDay {
  return { day, extra: false, state, reason: '', accepted, copy: undefined };
}

/** Sessions of a range, each with a state and perhaps accepted. */
const coverage = fc
  .record({
    start: fc.integer({ min: 2003, max: 2040 }),
    years: fc.integer({ min: 0, max: 25 }),
    picks: fc.array(fc.tuple(fc.constantFrom(...STATES), fc.boolean()), { minLength: 1, maxLength: 50 }),
    full: fc.boolean(),
  })
  .map(({ start, years, picks, full }) =>
    nyse.sessions(`${start}-09-10`, `${start + years}-11-19`).map((day, i) => {
      const [state, accepted] = picks[i % picks.length] ?? ['done', false];
      return covered(day, full ? 'done' : state, accepted ? 'so be it' : undefined);
    }),
  );

test('each covered day is counted once, in its month and in its state', () => {
  fc.assert(
    fc.property(coverage, (days) => {
      const months = coverMonths(days);
      expect(new Set(months.map(({ month }) => month)).size).toBe(months.length);
      for (const { month, sessions, done, pending, holes, accepted } of months) {
        const own = days.filter(({ day }) => day.startsWith(month));
        expect(sessions).toBe(own.length);
        expect(done + pending + holes).toBe(sessions);
        expect(done).toBe(own.filter(({ state }) => state === 'done').length);
        expect(accepted).toBeLessThanOrEqual(holes);
      }
      const { sessions, ...states } = countStates(days);
      expect(months.reduce((sum, month) => sum + month.sessions, 0)).toBe(days.length);
      expect(sessions).toBe(days.length);
      expect(Object.values(states).reduce((sum, n) => sum + n, 0)).toBe(days.length);
    }),
    { numRuns: 40 },
  );
});

test('a row a year with twelve cells, at any width, and colour adds nothing but colour', () => {
  fc.assert(
    fc.property(coverage, fc.integer({ min: 18, max: 79 }), fc.boolean(), (days, width, ascii) => {
      const months = coverMonths(days);
      const plain = heatMap(months, { width, ascii, color: false });
      const years = new Set(days.map(({ day }) => day.slice(0, 4)));
      expect(plain.length).toBe(years.size + 1);
      for (const line of plain) expect(line.length).toBeLessThanOrEqual(width);
      expect(plain.slice(1).map((line) => line.slice(0, 4))).toEqual([...years]);
      const undressed = heatMap(months, { width, ascii, color: true }).map((line) =>
        line.replaceAll(ESCAPES, ''),
      );
      expect(undressed).toEqual(plain);
      if (ascii)
        expect([...plain, ...legend(months, { width, ascii, color: false })].join('')).toMatch(/^[ -~]*$/);
    }),
    { numRuns: 60 },
  );
});

test('where there is room for numbers, they are the holes, accepted ones included', () => {
  fc.assert(
    fc.property(coverage, fc.integer({ min: 52, max: 79 }), (days, width) => {
      const months = coverMonths(days);
      const shown = heatMap(months, { ...wide, width })
        .slice(1)
        .flatMap((line) => line.slice(4).match(/\d+/g) ?? []);
      expect(shown.map(Number)).toEqual(months.map(({ holes }) => holes).filter((holes) => holes > 0));
    }),
    { numRuns: 40 },
  );
});

test('a month with a hole never looks whole, and one without never looks lacking', () => {
  fc.assert(
    fc.property(coverage, (days) => {
      for (const month of coverMonths(days)) {
        const level = levelOf(month);
        expect(level === 'all').toBe(month.holes === 0 && month.done > 0);
        expect(level === 'none').toBe(month.done === 0 && month.holes > 0);
        expect(level === 'idle').toBe(month.done + month.holes === 0);
      }
    }),
    { numRuns: 40 },
  );
});

test('as it looks', () => {
  const days = nyse.sessions('2024-11-20', '2025-03-31').map((day) => {
    if (day.startsWith('2025-01') && day > '2025-01-06') return covered(day, 'missing');
    if (day === '2025-02-03') return covered(day, 'denied', 'so be it');
    return covered(day, day > '2025-03-05' ? 'pending' : 'done');
  });
  const months = coverMonths(days);
  expect(heatMap(months, wide)).toEqual([
    '     Jan  Feb  Mar  Apr  May  Jun  Jul  Aug  Sep  Oct  Nov  Dec',
    '2024 ··   ··   ··   ··   ··   ··   ··   ··   ··   ··   ██   ██',
    '2025 ░░17 ▓▓1  ██   ··   ··   ··   ··   ··   ··   ··   ··   ··',
  ]);
  expect(heatMap(months, { ...wide, width: 39, ascii: true })).toEqual([
    '     J F M A M J J A S O N D',
    '2024 . . . . . . . . . . # #',
    '2025 : + # . . . . . . . . .',
  ]);
  expect(legend(months, wide)).toEqual([
    '█ all',
    '▓ 3/4 or more',
    '░ less',
    '· not due or not asked for',
    'number: missing days',
  ]);
  expect(heatMap([], wide)).toEqual([]);
});
