/** On which days each dataset has a file, and when its minutes begin and end on the unusual ones. */
import { describe, expect, test } from 'vitest';
import { dayText } from '#sandbox/market/generator.js';
import { byTicker, csvOf, dataset, datasets, midnightOf, type Row } from './dataset-rows.js';

const MINUTE = 60_000_000_000n;

/** Hours since the day's midnight of the earliest and the latest row. */
function span(name: string, day: string, zone: 'UTC' | 'America/New_York', rows = csvOf(name, day).rows) {
  const midnight = midnightOf(day, zone);
  const stamps = rows.map((row: Row) => Number((BigInt(row['window_start'] ?? '') - midnight) / MINUTE));
  const [first, last] = [stamps.reduce((a, b) => Math.min(a, b)), stamps.reduce((a, b) => Math.max(a, b))];
  return [first / 60, last / 60];
}

const within = (name: string, from: string, to: string) =>
  dataset(name)
    .listDays('2026-11-19')
    .filter((day) => day >= from && day <= to);

describe('days', () => {
  test('stocks, options and indices: the sessions', () => {
    for (const name of [
      'stocks_minute',
      'stocks_quotes',
      'options_daily',
      'options_trades',
      'indices_minute',
    ])
      expect(within(name, '2025-11-24', '2025-12-01'), name).toEqual([
        ...['2025-11-24', '2025-11-25', '2025-11-26', '2025-11-28', '2025-12-01'],
      ]);
  });

  test('forex: every day but most Saturdays; crypto: every day', () => {
    const saturday = (day: string) => new Date(`${day}T00:00:00Z`).getUTCDay() === 6;
    const year = within('forex_minute', '2025-01-01', '2025-12-31');
    expect(year.filter((day) => !saturday(day))).toHaveLength(365 - 52);
    const saturdays = within('forex_daily', '2009-09-25', '2026-11-19').filter(saturday);
    expect(saturdays.length).toBeGreaterThan(5);
    expect(saturdays.length).toBeLessThan(60);
    expect(within('crypto_daily', '2024-01-01', '2024-12-31')).toHaveLength(366);
  });

  test('a Saturday of forex that is listed is thin', () => {
    const saturday = within('forex_minute', '2025-01-01', '2026-11-19').find(
      (day) => new Date(`${day}T00:00:00Z`).getUTCDay() === 6,
    );
    const [, last = 24] = span('forex_minute', saturday ?? '', 'UTC');
    expect(last).toBeLessThan(2);
  });

  test('crypto moves at the week-end too', () => {
    const closes = ['2026-11-13', '2026-11-14', '2026-11-15'].map(
      (day) => byTicker(csvOf('crypto_daily', day).rows).get('X:BTC-USD')?.[0]?.['close'],
    );
    expect(new Set(closes).size).toBe(3);
  });
});

describe('hours', () => {
  test('stocks from 04:00 to 20:00 by New York, winter and summer', () => {
    for (const day of ['2026-03-06', '2026-03-09', '2026-10-30', '2026-11-02']) {
      const { rows } = csvOf('stocks_minute', day);
      const [first = 0, last = 0] = span('stocks_minute', day, 'America/New_York', rows);
      expect(first).toBe(4);
      expect(last).toBeGreaterThan(19.8);
      expect(last).toBeLessThan(20);
      const minutes = [...byTicker(rows).values()].map((bars) => bars.length);
      expect(Math.max(...minutes)).toBeGreaterThan(900);
      expect(Math.min(...minutes)).toBeLessThan(4);
    }
  });

  test('the day after Thanksgiving ends early', () => {
    const day = '2025-11-28';
    const last = (name: string) => span(name, day, 'America/New_York')[1];
    expect(last('stocks_minute')).toBeLessThan(17);
    expect(last('stocks_minute')).toBeGreaterThan(16.8);
    expect(last('indices_minute')).toBe(13 - 1 / 60);
    const options = byTicker(csvOf('options_minute', day).rows);
    const lastOf = (root: string) => {
      const rows = [...options]
        .filter(([ticker]) => /^O:([A-Z]+)/.exec(ticker)?.[1] === root)
        .flatMap(([, bars]) => bars);
      return span('options_minute', day, 'America/New_York', rows)[1];
    };
    expect(lastOf('SPY')).toBeLessThan(13);
    expect(lastOf('SPXW')).toBeGreaterThanOrEqual(13);
    expect(lastOf('SPXW')).toBeLessThan(13.25);
  });

  test('forex begins on Sunday and ends on Friday at 17:00 in New York', () => {
    expect(span('forex_minute', '2026-03-08', 'UTC')[0]).toBe(21);
    expect(span('forex_minute', '2026-03-01', 'UTC')[0]).toBe(22);
    expect(span('forex_minute', '2026-03-06', 'UTC')[1]).toBe(22 - 1 / 60);
    expect(span('forex_minute', '2026-03-13', 'UTC')[1]).toBe(21 - 1 / 60);
  });

  test('crypto around the clock, on the days of the change too', () => {
    for (const day of ['2026-03-08', '2026-11-01'])
      expect(span('crypto_minute', day, 'UTC')).toEqual([0, 24 - 1 / 60]);
  });
});

describe('what there is', () => {
  test('options: roots with digits, fractional strikes, weeklies and years ahead', () => {
    const tickers = csvOf('options_daily', '2026-11-19').rows.map((row) => row['ticker'] ?? '');
    expect(tickers.length).toBeGreaterThan(5000);
    expect(tickers.length).toBeLessThan(8000);
    expect(tickers.filter((ticker) => !/^O:[A-Z0-9]{1,6}\d{6}[CP]\d{8}$/.test(ticker))).toEqual([]);
    for (const one of [
      'O:TSLA1',
      'O:2SPY',
      'O:BRKB',
      'O:SPX2',
      'O:SPXW',
      'O:VIX',
      'O:SPY261120C',
      'O:AAPL280121P',
    ])
      expect(
        tickers.some((ticker) => ticker.startsWith(one)),
        one,
      ).toBe(true);
    expect(tickers.some((ticker) => /^O:KO\d{6}[CP]\d{5}500$/.test(ticker))).toBe(true);
  });

  test('coins down to ten decimals, the smallest with an exponent', () => {
    const tiny = byTicker(csvOf('crypto_daily', '2026-02-20').rows).get('X:MICRO-USD')?.[0];
    expect(tiny?.['close']).toMatch(/^\d(?:\.\d{1,3})?e-[789]$|^0\.0000\d{5,6}$/);
    expect(csvOf('forex_daily', '2026-11-18').rows.length).toBeGreaterThan(55);
    expect(csvOf('crypto_daily', '2026-11-18').rows.length).toBeGreaterThan(75);
    expect(csvOf('indices_daily', '2026-11-18').rows.length).toBeGreaterThan(38);
  });

  test('the same text whenever it is asked for, and with other days in between', () => {
    for (const name of ['stocks_minute', 'options_trades', 'forex_minute']) {
      const one = dataset(name);
      const [pieces, other] = [
        one.pieces('2026-11-18', 0)[Symbol.iterator](),
        one.pieces('2003-09-10', 0)[Symbol.iterator](),
      ];
      const text: Buffer[] = [];
      for (let next = pieces.next(); !next.done; next = pieces.next()) {
        text.push(next.value);
        other.next();
      }
      expect(Buffer.concat(text).equals(dayText(one, '2026-11-18')), name).toBe(true);
    }
    expect(datasets()).toHaveLength(33);
  });
});
