/**
 * A series beside the archive: what differs is found, and the user's rows of other days never count as that.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nyse } from '#market/calendar/nyse.js';
import { dayBars } from '#market/datasets/series-form.js';
import { renderSeries } from '#store/series/series-file.js';
import { type CompareDays, compareSeries as compare, soundRows } from '#tasks/verify/compare-series.js';

const compareSeries = (bytes: Uint8Array, rows: Parameters<typeof compare>[1], days: CompareDays) =>
  compare(bytes, rows, days, dayBars);
const sessions = nyse.sessions('2024-01-02', '2024-02-29');
const values = fc
  .tuple(fc.integer({ min: 1, max: 99_999 }), fc.integer({ min: 0, max: 1e9 }))
  .map(([price, volume]) => `${price},${price},${price},${price},${volume}`);
const bars = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...sessions), values), { minLength: 1, selector: ([day]) => day })
  .map((rows) => rows.map(([day, text]) => ({ day, values: text })).sort((a, b) => (a.day < b.day ? -1 : 1)));

test('what the archive gives compares as the same; rows of other days are counted and nothing else', () => {
  fc.assert(
    fc.property(bars, fc.nat({ max: 40 }), (rows, split) => {
      const compared = new Set(sessions.slice(split));
      const inArchive = rows.filter(({ day }) => compared.has(day));
      const found = compareSeries(renderSeries(rows), inArchive, { compared, passed: new Set() });
      expect(found).toMatchObject({ unreadable: undefined, canonical: true, wrong: [], missing: [] });
      expect(found.users).toBe(rows.length - inArchive.length);
      const passed = new Set(sessions.slice(0, split));
      expect(compareSeries(renderSeries(rows), inArchive, { compared, passed }).users).toBe(0);
    }),
  );
});

test('a row that is changed, dropped or put where there is no bar is found on its day', () => {
  const compared = new Set(sessions);
  fc.assert(
    fc.property(bars, fc.nat(), fc.constantFrom('change', 'drop', 'add'), (rows, which, how) => {
      const at = rows[which % rows.length];
      const free = sessions.find((day) => !rows.some((row) => row.day === day));
      if (at === undefined || free === undefined) return;
      const others = rows.filter((row) => row !== at);
      const added = { day: free, values: '7,7,7,7,7' };
      const edited =
        how === 'change'
          ? rows.map((row) => (row === at ? { ...at, values: `1${at.values}` } : row))
          : how === 'drop'
            ? others
            : [...rows, added].sort((a, b) => (a.day < b.day ? -1 : 1));
      const found = compareSeries(renderSeries(edited), rows, { compared, passed: new Set() });
      const wrong = how === 'change' ? [at.day] : how === 'add' ? [free] : [];
      expect([found.wrong.map(({ day }) => day), found.missing]).toEqual([
        wrong,
        how === 'drop' ? [at.day] : [],
      ]);
    }),
  );
});

test('a row under a damaged date is known again by its bar; a row of the user’s is not taken for one', () => {
  const rows = [
    { day: '2024-01-03', values: '1,2,1,2,100' },
    { day: '2024-01-04', values: '2,3,2,3,200' },
  ];
  const compared = new Set(rows.map(({ day }) => day));
  const moved = renderSeries([
    { day: '2014-01-04', values: '2,3,2,3,200' },
    { day: '2023-01-03', values: '9,9,9,9,9' },
    { day: '2024-01-03', values: '1,2,1,2,100' },
  ]);
  expect(compareSeries(moved, rows, { compared, passed: new Set() })).toMatchObject({
    misdated: [{ day: '2014-01-04', of: '2024-01-04' }],
    missing: ['2024-01-04'],
    users: 1,
  });
});

test('of a file that cannot be read the lines that can be are found again', () => {
  fc.assert(
    fc.property(bars, fc.nat(), (rows, where) => {
      const bytes = Buffer.from(renderSeries(rows));
      const at = where % bytes.length;
      bytes[at] = 0;
      const line = bytes.subarray(0, at).filter((byte) => byte === 10).length;
      const isNewline = renderSeries(rows)[at] === 10;
      const kept = rows.filter((_, i) => i + 1 !== line && !(isNewline && i === line));
      expect(soundRows(bytes, () => true)).toEqual(kept);
    }),
  );
});
