/** Searching a few tickers in plain records finds the same bars as the index of all of them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stocksDaily } from '#market/datasets/all.js';
import { indexDay } from '#market/records/day-index.js';
import { newQuickTaker } from '#market/records/quick-take.js';
import { takeRows } from '#market/records/take-rows.js';
import { newPacker, rowCount, rowTicker, rowValues } from '#market/records/taken-rows.js';

const HEADER = 'ticker,volume,open,close,high,low,window_start,transactions\n';
// Tickers that begin with one another, that stand in other fields too, and none at all.
const ticker = fc.constantFrom(
  'A',
  'AA',
  'AAP',
  'AAPL',
  'AAp',
  'B',
  '7',
  '10',
  '',
  'BRK.B',
  'Ä',
  'A,5',
  'A,5,10',
);
const number = fc.constantFrom('10', '7', '0', '9.5', '10.000000', '1e1', '007', '-1', 'NaN', '', '11.5');
const bar = fc
  .constantFrom('10', '7', '10.000000', '1e1')
  .map((open) => ['5', open, '8', '11.5', '6', '1', '']);
const values = fc.oneof(bar, fc.array(number, { minLength: 4, maxLength: 8 }));
const record = fc
  .tuple(ticker, values, fc.constantFrom('\n', '\r\n', '\n\n'))
  .map(([name, values, end]) => ({ name, text: `${[name, ...values].join(',')}${end}` }));
const day = fc
  .array(record, { maxLength: 12 })
  .map((records) =>
    records
      .toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))
      .map(({ text }) => text),
  );

test('a ticker found by its bytes is the ticker of the index', () => {
  fc.assert(
    fc.property(day, fc.uniqueArray(ticker, { minLength: 1 }), fc.boolean(), (records, tickers, cut) => {
      const body = records.join('');
      const text = cut ? body.replace(/\n+$/, '') : body;
      const wanted = tickers.map((name) => Buffer.from(name)).sort(Buffer.compare);
      const expected = takeRows(indexDay(Buffer.from(HEADER + text)), wanted, stocksDaily, '2024-01-02');
      const quick = newQuickTaker();
      const packer = newPacker(1);
      expect(quick.knows(Buffer.from(HEADER))).toBe(true);
      for (const name of wanted) quick.take(Buffer.from(text), name, packer);
      expect(rows(packer.finish())).toEqual(rows(expected));
    }),
    { numRuns: 2000 },
  );
});

test('what is not plain is left to the index', () => {
  const quick = newQuickTaker();
  expect(quick.isPlain(Buffer.from('A,"1,2"\n'))).toBe(false);
  expect(quick.isPlain(Buffer.from('A,1,2\n'))).toBe(true);
  expect(quick.knows(Buffer.from(`volume,${HEADER}`))).toBe(false);
  expect(quick.knows(Buffer.from(HEADER.replace('ticker', '"ticker"')))).toBe(false);
  expect(quick.knows(Buffer.from(HEADER))).toBe(true);
});

function rows(taken: ReturnType<typeof takeRows>): readonly string[] {
  return Array.from({ length: rowCount(taken) }, (_, i) => `${rowTicker(taken, i)}|${rowValues(taken, i)}`);
}
