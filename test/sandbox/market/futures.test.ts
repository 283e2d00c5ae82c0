/** The sandbox's futures: contracts as the vendor names them, sessions that begin on the evening before. */
import { expect, it } from 'vitest';
import { datasets as known } from '#market/datasets/all.js';
import { byTicker, csvOf, dataset, datasets, millionths } from './dataset-rows.js';

const DAY = '2026-11-18';

it('every dataset of the vendor is served', () => {
  expect(
    datasets()
      .map(({ name }) => name)
      .sort(),
  ).toEqual([...known.keys()].sort());
});

it('a session of every exchange: tickers of the form that a contract has, in order, a bar within its bounds', () => {
  for (const exchange of ['cbot', 'cme', 'comex', 'nymex']) {
    const name = `futures_${exchange}_daily`;
    const { rows } = csvOf(name, DAY);
    const tickers = rows.map(({ ticker = '' }) => ticker);
    expect(tickers).toEqual([...new Set(tickers)].sort());
    for (const row of rows) {
      expect(row['ticker']).toMatch(known.get(name)?.tickerPattern ?? /^$/);
      expect(row['session_end_date']).toBe(DAY);
      if (row['volume'] === '0' || row['ticker']?.includes('-') === true) continue;
      // 18:00 in New York on the evening before.
      expect(row['window_start']).toBe(`${Date.parse('2026-11-17T23:00:00Z')}000000`);
      const [open = 0n, high = 0n, low = 0n, close = 0n] = ['open', 'high', 'low', 'close'].map((column) =>
        millionths(row[column]),
      );
      for (const price of [open, close]) expect([price >= low, price <= high]).toEqual([true, true]);
    }
  }
});

it('a spread may cost less than nothing, and a contract that nobody traded is settled', () => {
  const days = ['2026-11-16', '2026-11-17', DAY].flatMap((day) => csvOf('futures_nymex_daily', day).rows);
  expect(days.some(({ ticker, close = '' }) => ticker?.includes('-') && close.startsWith('-'))).toBe(true);
  const still = days.filter(({ volume }) => volume === '0');
  expect(still.length).toBeGreaterThan(0);
  for (const row of still) expect([row['open'], Number(row['settlement_price']) > 0]).toEqual(['', true]);
});

it('minutes, trades and quotes lie within the session, in order; the same day is the same text', () => {
  const from = BigInt(Date.parse('2026-11-17T23:00:00Z')) * 1_000_000n;
  for (const [kind, column] of [
    ['minute', 'window_start'],
    ['trades', 'timestamp'],
    ['quotes', 'timestamp'],
  ] as const) {
    const name = `futures_cme_${kind}`;
    const { rows } = csvOf(name, DAY);
    for (const [ticker, own] of byTicker(rows)) {
      const stamps = own.map((row) => BigInt(row[column] ?? 0));
      expect(stamps, ticker).toEqual([...stamps].sort((a, b) => (a < b ? -1 : 1)));
      const [first = 0n, last = 0n] = [stamps[0], stamps.at(-1)];
      expect([first >= from, last < from + 23n * 3_600_000_000_000n]).toEqual([true, true]);
    }
    expect([...dataset(name).pieces(DAY, 0)]).toEqual([...dataset(name).pieces(DAY, 0)]);
    expect([...dataset(name).pieces(DAY, 1)]).not.toEqual([...dataset(name).pieces(DAY, 0)]);
  }
});
