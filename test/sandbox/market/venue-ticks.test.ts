/** Coins' trades, currencies' quotes and indices' values of the sandbox, read as a stranger would. */
import { describe, expect, it, test } from 'vitest';
import { byTicker, csvOf, datasets, midnightOf } from './dataset-rows.js';

const DAY = '2026-11-19';

const KINDS = [
  {
    name: 'crypto_trades',
    columns: 'ticker,conditions,exchange,id,participant_timestamp,price,size',
    stamp: 'participant_timestamp',
    zone: 'UTC',
    prices: ['price'],
  },
  {
    name: 'forex_quotes',
    columns: 'ticker,ask_exchange,ask_price,bid_exchange,bid_price,participant_timestamp',
    stamp: 'participant_timestamp',
    zone: 'UTC',
    prices: ['ask_price', 'bid_price'],
  },
  {
    name: 'indices_values',
    columns: 'ticker,timestamp,value',
    stamp: 'timestamp',
    zone: 'America/New_York',
    prices: ['value'],
  },
] as const;

describe.each(KINDS)('$name', ({ name, columns, stamp, zone, prices }) => {
  it('sorted by ticker and moment, all of the day, at prices that the day had', () => {
    const { columns: header, rows } = csvOf(name, DAY);
    expect(header).toBe(columns);
    expect(rows.length).toBeGreaterThan(40_000);
    const bars = byTicker(csvOf(name.replace(/_.*/, '_daily'), DAY).rows);
    const midnight = midnightOf(DAY, zone);
    const groups = byTicker(rows);
    expect([...groups.keys()]).toEqual([...groups.keys()].sort());
    for (const [ticker, ticks] of groups) {
      let before = midnight;
      for (const tick of ticks) {
        const at = BigInt(tick[stamp] ?? '');
        expect(at >= before && at < midnight + 86_400_000_000_000n).toBe(true);
        before = at;
        const [bar] = bars.get(ticker) ?? [];
        const [low, high] = [Number(bar?.['low']) * 0.999, Number(bar?.['high']) * 1.001];
        // A quote is a few ticks beside the price.
        for (const price of prices.map((column) => Number(tick[column])))
          if (!(price >= low - 0.05 && price <= high + 0.05)) expect([ticker, price]).toEqual([low, high]);
      }
    }
  });
});

test('coins’ numbers have every form of the vendor’s: exponents, remains of floats, 21 decimals', () => {
  const { rows } = csvOf('crypto_trades', DAY);
  const sizes = rows.map(({ size = '' }) => size);
  expect(sizes.every((size) => /^(?:\d+\.\d*[1-9]|[1-9]e-8)$/.test(size))).toBe(true);
  expect(sizes.some((size) => size.endsWith('e-8'))).toBe(true);
  expect(sizes.some((size) => /^0\.\d{21}$/.test(size))).toBe(true);
  const prices = rows.map(({ price = '' }) => price);
  expect(prices.some((price) => /^\d+\.\d{6}000001$/.test(price))).toBe(true);
  expect(prices.some((price) => /e-\d+$/.test(price))).toBe(true);
});

test('index minutes are of true size where days are', () => {
  const [small, large] = [0, 1].map((days) => datasets(days).find(({ name }) => name === 'indices_minute'));
  expect([small?.isLarge(DAY), large?.isLarge(DAY), large?.isLarge('2026-11-18')]).toEqual([
    false,
    true,
    false,
  ]);
  const tickers = new Set(csvOf('indices_daily', DAY).rows.map(({ ticker }) => ticker));
  expect(tickers.size).toBe(41);
});
