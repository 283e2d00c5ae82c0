/** What looks wrong in one ticker's history, and what only looks unusual. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nyse } from '#market/calendar/nyse.js';
import { fewTickers, staleDays } from '#tasks/verify/day-suspicions.js';
import { DEFAULT_THRESHOLDS, lookAtHistory } from '#tasks/verify/history.js';

const sessions = nyse.sessions('2024-01-02', '2024-06-28');

function kindsOf(closes: readonly number[], volumes?: readonly number[], thresholds = {}) {
  const history = {
    ticker: 'X',
    days: sessions.slice(0, closes.length),
    ...{ opens: closes, highs: closes, lows: closes, closes },
    volumes: volumes ?? closes.map(() => 5000),
  };
  return lookAtHistory(history, { ...DEFAULT_THRESHOLDS, ...thresholds }).map(({ kind, day }) => ({
    kind,
    day,
  }));
}

test.each([
  ['halves and comes back the next day', [10, 10, 4, 10, 10], true],
  ['doubles and comes back within five sessions', [10, 25, 25, 25, 25, 24, 11, 10], true],
  ['halves for good: a split', [10, 10, 5, 5, 5, 5, 5, 5, 5], false],
  ['comes back only after a week', [10, 4, 4, 4, 4, 4, 4, 10], false],
  ['moves by less than half', [10, 14, 10, 6, 10], false],
  ['goes on jumping away', [10, 20, 45, 90, 200, 500, 1000, 2000], false],
])('a price that %s', (_, closes, suspicious) => {
  expect(kindsOf(closes).length > 0).toBe(suspicious);
});

test('a jump there and back is told once, on the day of the jump', () => {
  expect(kindsOf([10, 10, 4, 10, 10])).toEqual([{ kind: 'jump', day: sessions[2] }]);
});

test('a volume over a hundred medians is told, for a ticker that trades often enough to have one', () => {
  const closes = Array.from({ length: 40 }, () => 10);
  const spiked = (usual: number, days = 40): number[] =>
    Array.from({ length: days }, (_, i) => (i === 7 ? usual * 101 : usual));
  expect(kindsOf(closes, spiked(5000))).toEqual([{ kind: 'volume', day: sessions[7] }]);
  expect(kindsOf(closes, spiked(5000), { maxVolume: 102 })).toEqual([]);
  expect(kindsOf(closes, spiked(10))).toEqual([]);
  expect(kindsOf(closes.slice(0, 15), spiked(5000, 15))).toEqual([]);
});

test('no figures whatever throw or are told of a history that stands still', () => {
  const figure = fc.oneof(fc.double(), fc.constant(Number.NaN), fc.constant(0));
  fc.assert(
    fc.property(fc.array(figure, { maxLength: 60 }), (figures) => {
      expect(() => kindsOf(figures, figures)).not.toThrow();
    }),
  );
  fc.assert(
    fc.property(
      fc.double({ min: 0.0001, max: 1e6, noNaN: true }),
      fc.integer({ min: 1, max: 60 }),
      (one, n) => {
        const still = Array.from({ length: n }, () => one);
        expect(kindsOf(still, still)).toEqual([]);
      },
    ),
  );
});

test('a day with a cliff of tickers is told; a market that grows is not', () => {
  const days = (tickers: readonly number[]) =>
    tickers.map((n, i) => ({ day: sessions[i] ?? '', tickers: n }));
  expect(fewTickers(days([100, 101, 60, 99, 100]), DEFAULT_THRESHOLDS).map(({ day }) => day)).toEqual([
    sessions[2],
  ]);
  expect(fewTickers(days([100, 101, 60, 99, 100]), { ...DEFAULT_THRESHOLDS, minTickers: 0.5 })).toEqual([]);
  expect(fewTickers(days([100, 105, 110, 115, 120, 125]), DEFAULT_THRESHOLDS)).toEqual([]);
  expect(fewTickers(days([100, 10]), DEFAULT_THRESHOLDS)).toEqual([]);
});

test('a day that repeats most of the bars of the day before is told', () => {
  const same = (equal: number) => ({ common: Int32Array.of(0, 100, 5), same: Int32Array.of(0, equal, 5) });
  const days = sessions.slice(0, 3);
  expect(staleDays(days, same(51), DEFAULT_THRESHOLDS).map(({ day }) => day)).toEqual([sessions[1]]);
  expect(staleDays(days, same(50), DEFAULT_THRESHOLDS)).toEqual([]);
});

test('a high or a low out of all proportion is told, unless the day before or after was there', () => {
  const flat = Array.from({ length: 5 }, () => 20);
  const look = (lows: readonly number[], highs: readonly number[], closes: readonly number[] = flat) =>
    lookAtHistory(
      {
        ticker: 'A',
        days: sessions.slice(0, 5),
        ...{ opens: flat, highs, lows, closes, volumes: flat },
      },
      DEFAULT_THRESHOLDS,
    ).map(({ kind, day, what }) => `${kind} ${day} ${what}`);
  const usual = [21, 21, 21, 21, 21];
  expect(look([19, 19, 1.2, 19, 19], usual)).toEqual([
    `outlier ${sessions[2]} its low, 1.2, is 94 % below its open (20) and close (20)`,
  ]);
  expect(look([19, 19, 19, 19, 19], [21, 90, 21, 21, 21])).toHaveLength(1);
  expect(look([19, 19, 12, 10, 19], [21, 30, 45, 21, 21])).toEqual([]);
  // It opened where it had closed, and had been there.
  expect(look([2, 2, 2, 2, 2], usual, [2, 2, 20, 20, 20])).not.toContain(expect.stringContaining('outlier'));
});

test('a change of volume that lasts is told once', () => {
  const volumes = Array.from({ length: 60 }, (_, i) => (i < 40 ? 5000 : 2_000_000));
  expect(
    kindsOf(
      volumes.map(() => 20),
      volumes,
    ),
  ).toEqual([{ kind: 'volume', day: sessions[40] }]);
});
