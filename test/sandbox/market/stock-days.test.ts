import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayText } from '#sandbox/market/generator.js';
import { SPLITS } from '#sandbox/market/splits.js';
import { stockDays } from '#sandbox/market/stock-days.js';
import { SANDBOX_TICKERS } from '#sandbox/market/ticker-list.js';
import { linesOf, rowOf, rowsOf } from './market-text.js';

const market = stockDays({ seed: 1, tickers: 11_500 });
const days = market.listDays('2026-11-19');
const anyDay = fc.integer({ min: 0, max: days.length - 1 }).map((index) => days[index] ?? '');

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe('the same text for the same seed, wherever and whenever', () => {
  test.each([
    ['2003-09-10', '90d465a859d06a2f6425f466068bd59ee31c2c9a80bb351fce5ce065f434a1cb'],
    ['2019-08-12', 'e8cbb757bafdb50c2e268c1d00b9e39f0440d8fae29063bc6579bf906abec9bd'],
    ['2026-11-19', '4bd732ee4ca7018add90847aa2e86a3149884e075d0c5a881f01fed580cb0516'],
  ])('the text of %s is what it has always been', (day, expected) => {
    expect(sha256(dayText(market, day))).toBe(expected);
  });

  test('a day does not depend on the days that were asked for before', () => {
    const fresh = stockDays({ seed: 1, tickers: 11_500 });
    for (const day of ['2026-11-19', '2004-02-29', '2015-06-30', '2026-11-18']) dayText(fresh, day);
    expect(sha256(dayText(fresh, '2026-10-01'))).toBe(sha256(dayText(market, '2026-10-01')));
  });

  test('another seed is another market, and a smaller market is a part of the larger one', () => {
    const day = '2026-06-15';
    expect(sha256(dayText(stockDays({ seed: 2, tickers: 500 }), day))).not.toBe(
      sha256(dayText(stockDays({ seed: 1, tickers: 500 }), day)),
    );
    const all = new Set(linesOf(market, day));
    const some = linesOf(stockDays({ seed: 1, tickers: 500 }), day);
    expect(some.length).toBeGreaterThan(460);
    expect(some.length).toBeLessThan(540);
    expect(some.filter((line) => !all.has(line))).toEqual([]);
  });
});

test('every day is a plausible market', () => {
  fc.assert(
    fc.property(anyDay, (day) => {
      const lines = linesOf(market, day);
      expect(lines[0]).toBe('ticker,volume,open,close,high,low,window_start,transactions');
      const rows = rowsOf(market, day);
      expect(rows.length).toBeGreaterThanOrEqual(11_000);
      expect(rows.length).toBeLessThanOrEqual(12_100);
      const sixDecimals = day >= '2026-02-23';
      const price = sixDecimals ? /^\d+\.\d{6}$/ : /^\d+(\.\d*[1-9])?$/;
      const volume = sixDecimals ? price : /^\d+$/;
      let before = '';
      for (const { ticker, fields, open, close, high, low, ...row } of rows) {
        const ok =
          ticker > before &&
          fields.length === 8 &&
          low > 0 &&
          low <= open &&
          low <= close &&
          high >= open &&
          high >= close &&
          row.volume >= 0 &&
          fields.slice(2, 6).every((field) => price.test(field)) &&
          volume.test(fields[1] ?? '') &&
          /^\d{19}$/.test(fields[6] ?? '') &&
          /^\d*$/.test(fields[7] ?? '');
        if (!ok) throw new Error(`${day}: "${fields.join()}" after ${before}`);
        before = ticker;
      }
    }),
    { numRuns: 25 },
  );
});

test('prices go on from day to day but for the splits', () => {
  const split = new Set(SPLITS.map(({ ticker, day }) => `${ticker} ${day}`));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: days.length - 1 }), (index) => {
      const [before = '', day = ''] = [days[index - 1], days[index]];
      const closes = new Map(rowsOf(market, before).map((row) => [row.ticker, row.close]));
      let moves = 0;
      let count = 0;
      for (const { ticker, open, close } of rowsOf(market, day)) {
        const last = closes.get(ticker);
        if (last === undefined || split.has(`${ticker} ${day}`)) continue;
        const gap = open / last;
        if (gap > 3 || gap < 1 / 3)
          throw new Error(`${ticker} closed at ${last} on ${before} and opened at ${open}`);
        moves += Math.abs(close / last - 1);
        count += 1;
      }
      expect(moves / count).toBeLessThan(0.05);
      expect(moves / count).toBeGreaterThan(0.005);
    }),
    { numRuns: 15 },
  );
});

describe('what every market has, however small', () => {
  const small = stockDays({ seed: 1, tickers: 0 });

  test('the names that break careless programs', () => {
    const tickers = new Set(rowsOf(small, '2026-11-19').map((row) => row.ticker));
    const odd =
      'BApA AIIAr BCATrw BCPC BCpC TPC TpC AAP AAp NE.WS.A NA NAN TRUE ON E CON PRN NUL AUX ACHR.WS DCOMp';
    for (const ticker of [
      ...odd.split(' '),
      'ZZZTA',
      'ZTST',
      'NTEST.H',
      'BRK.A',
      'BRK.B',
      'AACT.U',
      'CON.WS',
    ]) {
      expect(tickers, ticker).toContain(ticker);
    }
  });

  test('each ticker of its list trades within the last 24 months', () => {
    const seen = new Set(
      ['2024-11-22', '2025-11-17', '2026-11-19'].flatMap((day) => rowsOf(small, day).map((r) => r.ticker)),
    );
    expect(SANDBOX_TICKERS).toHaveLength(53);
    expect(SANDBOX_TICKERS.filter((ticker) => !seen.has(ticker))).toEqual([]);
  });

  test('a 10:1 split of NFLX, unadjusted', () => {
    const before = rowOf(small, '2025-11-14', 'NFLX');
    const after = rowOf(small, '2025-11-17', 'NFLX');
    expect(before.close / after.open).toBeGreaterThan(8.5);
    expect(before.close / after.open).toBeLessThan(11.5);
    expect(after.volume).toBeGreaterThan(before.volume);
  });

  test('a symbol that another company took over after a gap', () => {
    const trades = (day: string) => rowsOf(small, day).some((row) => row.ticker === 'MTTR');
    expect(['2025-02-28', '2025-03-03', '2026-03-13', '2026-03-16'].map(trades)).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  test('prices from below a cent to BRK.A', () => {
    const prices = rowsOf(small, '2026-11-19').map((row) => row.low);
    expect(Math.min(...prices)).toBeLessThan(0.01);
    expect(Math.max(...prices)).toBeGreaterThan(300_000);
  });
});

test('window_start is midnight in New York, but for the day that is stamped with the next', () => {
  const stamp = (day: string) => rowOf(market, day, 'AAPL').fields[6];
  expect(stamp('2024-03-07')).toBe('1709787600000000000');
  expect(stamp('2026-10-02')).toBe('1790913600000000000');
  expect(stamp('2019-08-12')).toBe('1565668800000000000');
  expect(stamp('2019-08-13')).toBe('1565668800000000000');
});

test('now and then no volume, and an empty number of transactions', () => {
  const rows = days.slice(-5).flatMap((day) => rowsOf(market, day));
  const empty = rows.filter((row) => row.fields[7] === '').length;
  const idle = rows.filter((row) => row.volume === 0).length;
  expect(empty).toBeGreaterThan(0);
  expect(empty).toBeLessThan(rows.length / 500);
  expect(idle).toBeGreaterThan(0);
  expect(idle).toBeLessThan(rows.length / 500);
});

test('listings come and go within the last 24 months', () => {
  const names = (day: string) => new Set(rowsOf(market, day).map((row) => row.ticker));
  const [then, now] = [names('2024-11-22'), names('2026-11-19')];
  expect([...now].filter((ticker) => !then.has(ticker)).length).toBeGreaterThan(200);
  expect([...then].filter((ticker) => !now.has(ticker)).length).toBeGreaterThan(200);
});

test('a later revision changes, adds and removes a few rows', () => {
  const byTicker = (revision: number) =>
    new Map(linesOf(market, '2026-11-18', revision).map((line) => [line.split(',')[0] ?? '', line]));
  const [first, second] = [byTicker(0), byTicker(1)];
  const changed = [...second].filter(([ticker, line]) => first.has(ticker) && first.get(ticker) !== line);
  const added = [...second.keys()].filter((ticker) => !first.has(ticker));
  const removed = [...first.keys()].filter((ticker) => !second.has(ticker));
  expect(changed.map(([ticker]) => ticker)).toContain('AAPL');
  for (const { length } of [changed, added, removed]) {
    expect(length).toBeGreaterThan(0);
    expect(length).toBeLessThan(100);
  }
});
