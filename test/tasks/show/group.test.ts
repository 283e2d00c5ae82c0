import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { weekday } from '#market/calendar/iso-day.js';
import { compareDecimal } from '#market/records/decimal.js';
import type { Bar } from '#tasks/show/bar.js';
import { byCount, byMonth, byWeek } from '#tasks/show/group.js';
import { barsOf, rowOf, rows } from '../../support/bars.js';

const WEEK = barsOf([
  rowOf('2024-05-31', '9,9.5,8,9.25,100'),
  rowOf('2024-06-03', '10,11,9.5,10.5,0.000001'),
  rowOf('2024-06-05', '10.5,12.25,10,12,33278552.153126'),
  rowOf('2024-06-07', '12,12,7.0055,8,9007199254740993'),
  rowOf('2024-06-10', '8,8,8,8,0'),
]);

describe('bars together', () => {
  it('a week is Monday to Sunday: first open, highest, lowest, last close, all of the volume', () => {
    expect(byWeek(WEEK)[1]).toEqual({
      start: '2024-06-03',
      end: '2024-06-07',
      sessions: 3,
      open: '10',
      high: '12.25',
      low: '7.0055',
      close: '8',
      volume: '9007199288019545.153127',
    });
    expect(byWeek(WEEK).map(({ start }) => start)).toEqual(['2024-05-31', '2024-06-03', '2024-06-10']);
  });

  it('so many are counted from the newest', () => {
    expect(byCount(WEEK, 2).map(({ sessions }) => sessions)).toEqual([1, 2, 2]);
    expect(byCount(WEEK, 5).map(({ sessions }) => sessions)).toEqual([5]);
  });

  const ways: readonly [string, (bars: readonly Bar[]) => readonly Bar[]][] = [
    ['week', byWeek],
    ['month', byMonth],
    ['three', (bars) => byCount(bars, 3)],
  ];
  it.each(ways)(
    'by %s: every bar once and in order, nothing higher, lower or more than there is',
    (_, way) => {
      fc.assert(
        fc.property(rows, (some) => {
          const bars = barsOf(some);
          let at = 0;
          for (const group of way(bars)) {
            const of = bars.slice(at, at + group.sessions);
            at += group.sessions;
            expect([of[0]?.start, of[0]?.open, of.at(-1)?.end, of.at(-1)?.close]).toEqual([
              group.start,
              group.open,
              group.end,
              group.close,
            ]);
            expect(of.map(({ high }) => high)).toContain(group.high);
            expect(of.map(({ low }) => low)).toContain(group.low);
            for (const { high, low } of of) {
              expect(compareDecimal(group.high, high)).toBeGreaterThanOrEqual(0);
              expect(compareDecimal(group.low, low)).toBeLessThanOrEqual(0);
            }
            expect(units(group.volume)).toBe(of.reduce((sum, { volume }) => sum + units(volume), 0n));
          }
          expect(at).toBe(bars.length);
        }),
        { numRuns: 50 },
      );
    },
  );

  it('no two weeks touch: between their days lies a Monday', () => {
    fc.assert(
      fc.property(rows, (some) => {
        const weeks = byWeek(barsOf(some));
        for (const [i, { start, end }] of weeks.entries()) {
          expect((weekday(start) + 6) % 7).toBeLessThanOrEqual((weekday(end) + 6) % 7);
          const next = weeks[i + 1];
          if (next !== undefined) expect(next.start > end).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });
});

/** In units of 10^-400, apart from decimal-sum.ts. */
function units(plain: string): bigint {
  const [whole = '', fraction = ''] = plain.split('.');
  return BigInt(whole + fraction.padEnd(400, '0'));
}
