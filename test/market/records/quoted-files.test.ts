/**
 * Day files as another CSV writer quotes them: what stands in the fields is what was written, and the bars
 * are those of the plain file.
 */
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stocksDaily } from '#market/datasets/all.js';
import { indexDay } from '#market/records/day-index.js';
import { takeRows } from '#market/records/take-rows.js';
import { rowCount, rowTicker, rowValues } from '#market/records/taken-rows.js';

const header = ['ticker', 'volume', 'open', 'close', 'high', 'low', 'conditions'];
const price = fc.integer({ min: 1, max: 999_999 }).map((cents) => (cents / 100).toFixed(2));
const row = fc.record({
  ticker: fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme' }),
  volume: fc.nat().map(String),
  price,
  conditions: fc.constantFrom('', '12', '12,37', 'a "quote"', 'two\nlines', '\r\n', ','),
});

function bars(text: Uint8Array): [string, string][] {
  const rows = takeRows(indexDay(text), '*', stocksDaily, '2024-01-02');
  return Array.from({ length: rowCount(rows) }, (_, i) => [rowTicker(rows, i), rowValues(rows, i)]);
}

test('quoting changes no bar', () => {
  fc.assert(
    fc.property(fc.uniqueArray(row, { selector: ({ ticker }) => ticker, minLength: 1 }), (rows) => {
      const records = rows.map((r) => [r.ticker, r.volume, r.price, r.price, r.price, r.price, r.conditions]);
      const expected = rows
        .map(({ ticker, volume, price }): [string, string] => {
          const shown = price.replace(/\.?0+$/, '');
          return [ticker, `${shown},${shown},${shown},${shown},${volume}`];
        })
        .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      for (const quoted of [true, false]) {
        const text = Buffer.from(stringify([header, ...records], { quoted }));
        expect(bars(text)).toEqual(expected);
      }
    }),
    { numRuns: 300 },
  );
});
