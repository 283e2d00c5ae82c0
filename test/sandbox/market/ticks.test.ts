import { describe, expect, test } from 'vitest';
import { byTicker, csvOf, dataset, midnightOf } from './dataset-rows.js';

const TICKS = [
  {
    name: 'stocks_trades',
    columns:
      'ticker,conditions,correction,exchange,id,participant_timestamp,price,sequence_number,sip_timestamp,size,tape,trf_id,trf_timestamp',
    numbers: ['price', 'size'],
    firstDay: '2003-09-10',
  },
  {
    name: 'stocks_quotes',
    columns:
      'ticker,ask_exchange,ask_price,ask_size,bid_exchange,bid_price,bid_size,conditions,indicators,participant_timestamp,sequence_number,sip_timestamp,tape,trf_timestamp',
    numbers: ['ask_price', 'ask_size', 'bid_price', 'bid_size'],
    firstDay: '2003-09-10',
  },
  {
    name: 'options_trades',
    columns: 'ticker,conditions,correction,exchange,price,sip_timestamp,size',
    numbers: ['price', 'size'],
    firstDay: '2014-06-02',
  },
  {
    name: 'options_quotes',
    columns:
      'ticker,ask_exchange,ask_price,ask_size,bid_exchange,bid_price,bid_size,sequence_number,sip_timestamp',
    numbers: ['ask_price', 'ask_size', 'bid_price', 'bid_size'],
    firstDay: '2022-03-07',
  },
] as const;

describe.each(TICKS)('$name', ({ name, columns, numbers, firstDay }) => {
  test.each(['2026-02-20', '2026-03-09'])('%s: columns, order, format, and prices of the day', (day) => {
    const { columns: header, rows } = csvOf(name, day);
    expect(header).toBe(columns);
    expect(rows.length).toBeGreaterThan(45_000);
    expect(rows.length).toBeLessThan(55_000);
    const groups = byTicker(rows);
    expect([...groups.keys()]).toEqual([...groups.keys()].sort());
    const bars = byTicker(csvOf(name.startsWith('stocks') ? 'stocks_daily' : 'options_daily', day).rows);
    const midnight = midnightOf(day, 'America/New_York');
    const form = day >= '2026-02-23' ? /^\d+\.\d{6}$/ : /^\d+(\.\d*[1-9])?$/;
    for (const [ticker, ticks] of groups) {
      const [high, low] = [Number(bars.get(ticker)?.[0]?.['high']), Number(bars.get(ticker)?.[0]?.['low'])];
      let before = midnight;
      for (const tick of ticks) {
        const stamp = BigInt(tick['sip_timestamp'] ?? '');
        const price = Number(tick['price'] ?? low);
        const sound =
          stamp > before &&
          stamp < midnight + 20n * 3_600_000_000_000n &&
          BigInt(tick['participant_timestamp'] ?? stamp) <= stamp &&
          price <= high &&
          price >= low &&
          numbers.every((column) => form.test(tick[column] ?? ''));
        if (!sound) throw new Error(`${ticker} after ${before}: ${JSON.stringify(tick)}`);
        before = stamp;
      }
    }
    if (header.includes('conditions'))
      expect(rows.filter((row) => row['conditions']?.includes(',')).length).toBeGreaterThan(100);
  });

  test("begins on the vendor's first day", () => {
    expect(dataset(name).listDays('2026-11-19')[0]).toBe(firstDay);
  });
});

test('an ask is above its bid, but where one side is empty', () => {
  for (const row of csvOf('stocks_quotes', '2026-11-19').rows) {
    const [ask, bid] = [Number(row['ask_price']), Number(row['bid_price'])];
    if (ask !== 0 && ask <= bid) throw new Error(JSON.stringify(row));
  }
});
