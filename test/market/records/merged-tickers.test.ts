/** Many days, ticker by ticker: the same as when the rows are gathered in a map and sorted. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mergedTickers } from '#market/records/merged-tickers.js';
import { newPacker, rowTicker, type TakenRows } from '#market/records/taken-rows.js';

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

function rowsOf(tickers: readonly string[]): TakenRows {
  const packer = newPacker(tickers.length);
  for (const ticker of [...tickers].sort(byBytes)) packer.add(ticker, '1,2');
  return packer.finish();
}

/** Prefixes of each other, and letters whose order by bytes is another than by UTF-16. */
const ticker = fc.string({ unit: fc.constantFrom('A', 'B', 'a', '.', 'é', '\uffee', '𝒜'), maxLength: 3 });
const days = fc.array(fc.uniqueArray(ticker, { maxLength: 8 }), { maxLength: 6 });

it('gives every ticker once, ascending by bytes, with its row in each day and -1 where the day has none', () => {
  fc.assert(
    fc.property(days, (tickers) => {
      const taken = tickers.map(rowsOf);
      const found = [...mergedTickers(taken)].map(({ ticker }) => ticker);
      expect(found).toEqual([...new Set(tickers.flat())].sort(byBytes));
      for (const { ticker, rows } of mergedTickers(taken)) {
        const here = taken.map((day, d) => {
          const row = rows[d] as number;
          return row < 0 ? undefined : rowTicker(day, row);
        });
        expect(here).toEqual(tickers.map((on) => (on.includes(ticker) ? ticker : undefined)));
      }
    }),
  );
});
