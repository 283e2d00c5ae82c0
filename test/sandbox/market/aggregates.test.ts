import { describe, expect, test } from 'vitest';
import { byTicker, csvOf, dataset, midnightOf, millionths, type Row } from './dataset-rows.js';

const NEW_YORK = 'America/New_York';
const TRADED = 'ticker,volume,open,close,high,low,window_start,transactions';
const VALUED = 'ticker,open,close,high,low,window_start';
const MARKETS = [
  { market: 'stocks', columns: TRADED, zone: NEW_YORK, from: 240, to: 1200, firstDay: '2003-09-10' },
  { market: 'options', columns: TRADED, zone: NEW_YORK, from: 570, to: 975, firstDay: '2014-06-02' },
  { market: 'indices', columns: VALUED, zone: NEW_YORK, from: 570, to: 960, firstDay: '2023-02-14' },
  { market: 'forex', columns: TRADED, zone: 'UTC', from: 0, to: 1440, firstDay: '2009-09-25' },
  { market: 'crypto', columns: TRADED, zone: 'UTC', from: 0, to: 1440, firstDay: '2013-11-01' },
] as const;
/** Both formats, and both sides of a change of the clocks. */
const DAYS = ['2024-11-05', '2026-02-20', '2026-02-23', '2026-03-09'];
const PRICES = ['open', 'close', 'high', 'low'];
const MINUTE = 60_000_000_000n;

const number = (text: string | undefined) => Number(text);

describe.each(MARKETS)('$market', ({ market, columns, zone, from, to, firstDay }) => {
  test("begins on the vendor's first day", () => {
    for (const kind of ['daily', 'minute'])
      expect(dataset(`${market}_${kind}`).listDays('2026-11-19')[0]).toBe(firstDay);
  });

  test.each(DAYS)('%s: columns, order, format, and minutes that agree with the day', (day) => {
    const daily = csvOf(`${market}_daily`, day);
    const minute = csvOf(`${market}_minute`, day);
    expect([daily.columns, minute.columns]).toEqual([columns, columns]);
    const midnight = midnightOf(day, zone);
    const dailyBars = byTicker(daily.rows);
    const minuteBars = byTicker(minute.rows);
    expect([...dailyBars.keys()]).toEqual([...new Set(daily.rows.map((row) => row['ticker']))].sort());
    expect([...minuteBars.keys()]).toEqual([...minuteBars.keys()].sort());
    expect(dailyBars.size).toBe(daily.rows.length);
    expect(minuteBars.size).toBeGreaterThanOrEqual(40);
    if (market === 'indices' || market === 'options') expect(minuteBars.size).toBe(dailyBars.size);
    const price = day >= '2026-02-23' && market !== 'crypto' ? /^\d+\.\d{6}$/ : /^\d+(\.\d*[1-9])?$/;
    const volume = day >= '2026-02-23' ? /^\d+\.\d{6}$/ : /^\d+$/;
    for (const [ticker, bars] of minuteBars) {
      const whole = dailyBars.get(ticker)?.[0] ?? {};
      let before = -1;
      let sum = 0n;
      const regular: Row[] = [];
      for (const bar of bars) {
        const [open = 0, close = 0, high = 0, low = 0] = PRICES.map((name) => number(bar[name]));
        const since = BigInt(bar['window_start'] ?? '') - midnight;
        const clock = Number(since / MINUTE);
        const sound =
          clock > before &&
          since % MINUTE === 0n &&
          clock >= from &&
          clock < to &&
          low > 0 &&
          low <= open &&
          low <= close &&
          high >= open &&
          high >= close &&
          high <= number(whole['high']) &&
          low >= number(whole['low']) &&
          (market === 'crypto' || PRICES.every((name) => price.test(bar[name] ?? ''))) &&
          (market === 'indices' || volume.test(withoutRemains(bar['volume'])));
        if (!sound) throw new Error(`${ticker}: ${JSON.stringify(bar)} of ${JSON.stringify(whole)}`);
        before = clock;
        if (clock >= 570 && clock < 960) regular.push(bar);
        if (market !== 'indices') sum += millionths(withoutRemains(bar['volume']));
      }
      const session = market === 'stocks' ? regular : bars;
      const said = [
        ...[session[0]?.['open'], session.at(-1)?.['close']],
        ...[
          Math.max(...bars.map((bar) => number(bar['high']))),
          Math.min(...bars.map((bar) => number(bar['low']))),
        ],
      ].map(Number);
      expect(said, ticker).toEqual([whole['open'], whole['close'], whole['high'], whole['low']].map(number));
      if (market !== 'indices') expect(sum, ticker).toBe(millionths(withoutRemains(whole['volume'])));
    }
    for (const row of daily.rows) expect(BigInt(row['window_start'] ?? '')).toBe(midnight);
  });

  test('another revision corrects some rows', () => {
    const first = csvOf(`${market}_minute`, '2026-11-18').rows.map((row) => JSON.stringify(row));
    const second = csvOf(`${market}_minute`, '2026-11-18', 1).rows.map((row) => JSON.stringify(row));
    expect(second).not.toEqual(first);
    const known = new Set(first);
    expect(second.filter((row) => known.has(row)).length).toBeGreaterThan(first.length * 0.7);
  });
});

/** Some coins' volumes end in what a binary float left behind: 1466.002067000000000000001. */
function withoutRemains(volume = ''): string {
  return volume.replace(/^(\d+\.\d{6})0{14}1$/, '$1');
}
