/** Splits and dividends agree with the prices of the day files, and change as the vendor's do. */
import { describe, expect, test } from 'vitest';
import { nyse } from '#market/calendar/nyse.js';
import { createCloses } from '#sandbox/market/closes.js';
import { numberOfDay } from '#sandbox/market/day-number.js';
import { stockDays } from '#sandbox/market/stock-days.js';
import { buildUniverse } from '#sandbox/market/universe.js';
import { rowsOf as dayRows } from '../market/market-text.js';
import { ask, type Fields, NOW, rowsOf, running } from './rest-client.js';

/** Large enough for splits of invented listings. */
const TICKERS = 2500;
/** After the first instant. */
const DAYS = [0, 9, 22, 40];
const days = stockDays({ seed: 1, tickers: TICKERS });

const closesByDay = new Map<string, ReadonlyMap<string, number>>();

function closesOn(day: string): ReadonlyMap<string, number> {
  const closes = closesByDay.get(day) ?? new Map(dayRows(days, day).map((row) => [row.ticker, row.close]));
  closesByDay.set(day, closes);
  return closes;
}

test('the closes that factors are reckoned from are those of the day files', () => {
  const universe = buildUniverse(1, 300);
  const closes = createCloses(universe);
  const market = stockDays({ seed: 1, tickers: 300 });
  for (const day of ['2020-08-28', '2020-08-31', '2024-06-07', '2026-11-19']) {
    const rows = dayRows(market, day);
    const found = universe.tickers.flatMap((ticker, row) => {
      const close = closes(row).on(numberOfDay(day));
      return close === undefined ? [] : [[ticker, close]];
    });
    expect(found).toEqual(rows.map((row) => [row.ticker, row.close]));
  }
  expect(closes(0).on(numberOfDay('2026-11-21'))).toBeUndefined();
});

test('each split since 2003 is a jump of the price by its ratio, overnight', async () => {
  const sandbox = await running({ tickers: TICKERS });
  const splits = await rowsOf(
    sandbox,
    '/stocks/v1/splits?execution_date.gte=2019-08-13&execution_date.lte=2026-11-19&limit=5000',
  );
  const known = splits.filter(({ ticker }) =>
    ['AAPL', 'GE', 'TSLA', 'NVDA', 'NFLX'].includes(String(ticker)),
  );
  expect(
    known.map((one) => [one['ticker'], one['execution_date'], one['split_from'], one['split_to']]),
  ).toEqual([
    ['NFLX', '2025-11-17', 1, 10],
    ['NVDA', '2024-06-10', 1, 10],
    ['TSLA', '2022-08-25', 1, 3],
    ['GE', '2021-08-02', 8, 1],
    ['AAPL', '2020-08-31', 1, 4],
  ]);
  expect(new Set(splits.map((one) => one['adjustment_type']))).toEqual(
    new Set(['forward_split', 'reverse_split', 'stock_dividend']),
  );
  const some = [...known, ...splits.filter((one) => !known.includes(one)).slice(0, 12)];
  expect(some.map(jumped).filter((did) => did === true).length).toBeGreaterThan(10);
  expect(some.map(jumped)).not.toContain(false);
});

test('both generations have the same splits under the same ids; factors are cumulative', async () => {
  const sandbox = await running({ tickers: TICKERS });
  const newer = await rowsOf(sandbox, '/stocks/v1/splits?limit=5000');
  const older = await rowsOf(sandbox, '/v3/reference/splits?limit=1000');
  const name = (row: Fields) => `${row['id']} ${row['ticker']} ${row['execution_date']} ${row['split_from']}`;
  expect(newer.map(name).sort()).toEqual(older.map(name).sort());
  expect(new Set(newer.map((row) => row['id'])).size).toBe(newer.length);
  const today = newer.filter((row) => String(row['execution_date']) <= '2026-11-20');
  const products = new Map<unknown, number>();
  for (const row of [...today].sort((a, b) =>
    String(a['execution_date']) < String(b['execution_date']) ? 1 : -1,
  )) {
    const ticker = row['ticker'];
    const product = (products.get(ticker) ?? 1) * (Number(row['split_from']) / Number(row['split_to']));
    products.set(ticker, product);
    if (ticker !== 'FB' && ticker !== 'MTTR')
      expect(row['historical_adjustment_factor'], String(ticker)).toBeCloseTo(product, 5);
  }
  expect(newer.some((row) => String(row['execution_date']) < '2003-09-10')).toBe(true);
});

describe('dividends', () => {
  test('factors follow from the closes before the ex-dates, as the vendor documents it', async () => {
    const sandbox = await running();
    const universe = buildUniverse(1, 300);
    const closes = createCloses(universe);
    for (const ticker of ['AAPL', 'JPM', 'KO', 'BND']) {
      const close = closes(universe.tickers.indexOf(ticker));
      const [splits, dividends] = [
        await rowsOf(sandbox, `/stocks/v1/splits?ticker=${ticker}`),
        await rowsOf(sandbox, `/stocks/v1/dividends?ticker=${ticker}&limit=5000&sort=ex_dividend_date.desc`),
      ];
      let product = 1;
      const byDay = grouped(dividends);
      for (const [day, rows] of byDay) {
        if (String(day) > '2026-11-20') continue;
        const before = close.before(numberOfDay(String(day))) ?? Number.NaN;
        const sameDay = splits.find((split) => split['execution_date'] === day);
        const basis = sameDay === undefined ? 1 : Number(sameDay['split_from']) / Number(sameDay['split_to']);
        product *= 1 - rows.reduce((sum, row) => sum + Number(row['cash_amount']), 0) / (before * basis);
        for (const row of rows)
          expect(row['historical_adjustment_factor'], `${ticker} ${day}`).toBeCloseTo(product, 5);
      }
      expect(product).toBeLessThan(1);
      expect(product).toBeGreaterThan(0.2);
    }
  });

  test('all are paid in sessions of a listed share, for less than it costs; amounts are as declared', async () => {
    const sandbox = await running();
    const rows = await rowsOf(sandbox, '/stocks/v1/dividends?limit=5000&sort=ex_dividend_date.asc');
    expect(rows.length).toBeGreaterThan(3000);
    expect(rows.every((row) => nyse.isSession(String(row['ex_dividend_date'])))).toBe(true);
    expect(rows.every((row) => Number(row['historical_adjustment_factor']) > 0.02)).toBe(true);
    const kinds = new Set(rows.map((row) => `${row['distribution_type']} ${row['frequency']}`));
    for (const kind of ['recurring 4', 'recurring 12', 'recurring 52', 'special 0', 'supplemental 0'])
      expect(kinds, kind).toContain(kind);
    const apple = rows.filter((row) => row['ticker'] === 'AAPL');
    expect(apple.length).toBeGreaterThan(50);
    const early = apple.find((row) => row['distribution_type'] === 'recurring');
    expect(Number(early?.['split_adjusted_cash_amount'])).toBeCloseTo(Number(early?.['cash_amount']) / 4, 5);
    expect(rows.some((row) => row['pay_date'] === null)).toBe(true);
    expect(rows.some((row) => !('pay_date' in row))).toBe(true);
    expect(rows.some((row) => !('declaration_date' in row))).toBe(true);
  });

  test('a special dividend is paid on a day on which the price fell by more', async () => {
    const sandbox = await running();
    const universe = buildUniverse(1, 300);
    const closes = createCloses(universe);
    const specials = await rowsOf(sandbox, '/stocks/v1/dividends?distribution_type=special&limit=50');
    expect(specials.length).toBeGreaterThan(10);
    for (const row of specials) {
      const close = closes(universe.tickers.lastIndexOf(String(row['ticker'])));
      const day = numberOfDay(String(row['ex_dividend_date']));
      const fall = (close.before(day) ?? Number.NaN) - (close.on(day) ?? Number.NaN);
      if (row['ticker'] !== 'MTTR' && row['ticker'] !== 'FB')
        expect(fall).toBeGreaterThan(Number(row['cash_amount']) * 0.9);
    }
  });

  test('the older list has the same records without factors, under its own names for the kinds', async () => {
    const sandbox = await running();
    const older = await rowsOf(sandbox, '/v3/reference/dividends?ticker=JPM&limit=1000&order=asc');
    const newer = await rowsOf(
      sandbox,
      '/stocks/v1/dividends?ticker=JPM&limit=1000&sort=ex_dividend_date.asc',
    );
    expect(older.map((row) => row['id'])).toEqual(newer.map((row) => row['id']));
    expect(older.every((row) => !('historical_adjustment_factor' in row))).toBe(true);
    expect(older.every((row) => row['dividend_type'] === 'CD' || row['dividend_type'] === 'SC')).toBe(true);
    const month = await rowsOf(
      sandbox,
      '/v3/reference/dividends?ex_dividend_date.gte=2025-01-01&ex_dividend_date.lt=2026-01-01&limit=1000',
    );
    const funds = month.filter((row) => /^[A-Z]{4}X$/.test(String(row['ticker'])));
    expect(funds.length).toBeGreaterThan(11);
    const listed = await rowsOf(sandbox, '/v3/reference/tickers?limit=1000');
    expect(listed.filter((row) => row['ticker'] === funds[0]?.['ticker'])).toEqual([]);
  });
});

test('a later instant shows what was declared since, edits, late rows, and lacks what was taken back', async () => {
  const sandbox = await running({ tickers: 1200 });
  const where =
    '/stocks/v1/dividends?ex_dividend_date.gte=2026-10-01&ex_dividend_date.lte=2026-12-31&limit=5000';
  const states: Map<unknown, Fields>[] = [];
  for (const day of DAYS) {
    await sandbox.setRestNow(new Date(NOW.getTime() + day * 86_400_000));
    states.push(new Map((await rowsOf(sandbox, where)).map((row) => [row['id'], row])));
  }
  const [first, last] = [states[0] ?? new Map(), states.at(-1) ?? new Map()];
  expect([...last.keys()].filter((id) => !first.has(id)).length).toBeGreaterThan(20);
  const pairs = states
    .slice(1)
    .map((state, at) => [states[at] ?? new Map<unknown, Fields>(), state] as const);
  const edited = pairs.flatMap(([before, after]) =>
    [...after].filter(
      ([id, row]) => before.has(id) && before.get(id)?.['cash_amount'] !== row['cash_amount'],
    ),
  );
  const gone = pairs.flatMap(([before, after]) => [...before.keys()].filter((id) => !after.has(id)));
  const late = pairs.flatMap(([before, after], at) =>
    [...after].filter(
      ([id, row]) => !before.has(id) && String(row['ex_dividend_date']) < dayAfter(DAYS[at] ?? 0),
    ),
  );
  for (const changes of [edited, gone, late]) expect(changes.length).toBeGreaterThan(0);
  const apple = (state: Map<unknown, Fields>) =>
    [...state.values()].filter((row) => row['ticker'] === 'AAPL');
  expect(apple(first).length).toBeLessThanOrEqual(apple(last).length);
});

test('splits to come are announced, moved or taken back, and are in the prices from their day on', async () => {
  const sandbox = await running({ tickers: TICKERS });
  const seen = new Map<unknown, Set<unknown>>();
  const lists: Fields[][] = [];
  for (let day = 0; day <= 90; day += 5) {
    await sandbox.setRestNow(new Date(NOW.getTime() + day * 86_400_000));
    const rows = await rowsOf(sandbox, '/stocks/v1/splits?execution_date.gte=2026-11-20&limit=5000');
    lists.push([...rows]);
    for (const row of rows)
      seen.set(row['id'], (seen.get(row['id']) ?? new Set()).add(row['execution_date']));
  }
  const final = lists.at(-1) ?? [];
  expect([...seen.values()].some((dates) => dates.size > 1)).toBe(true);
  const gone = [...seen.keys()].filter((id) => final.every((row) => row['id'] !== id));
  expect(gone.length).toBeGreaterThan(0);
  const happened = final.filter((row) => String(row['execution_date']) < '2027-02-10').slice(0, 5);
  expect(happened.map(jumped)).toContain(true);
  expect(happened.map(jumped)).not.toContain(false);
});

test('the limit of a page is exclusive at its end', async () => {
  const sandbox = await running();
  expect((await ask(sandbox, '/stocks/v1/dividends?ticker=KO&limit=5000')).status).toBe(200);
  expect((await ask(sandbox, '/stocks/v1/dividends?ticker=KO&limit=5001')).status).toBe(400);
});

/** Whether the price fell, or rose, by about the split's ratio; undefined where it did not trade both days. */
function jumped(split: Fields): boolean | undefined {
  const day = String(split['execution_date']);
  const ticker = String(split['ticker']);
  const [before, after] = [closesOn(nyse.previous(day, 1)).get(ticker), closesOn(day).get(ticker)];
  if (before === undefined || after === undefined) return undefined;
  const beside = before / after / (Number(split['split_to']) / Number(split['split_from']));
  return beside > 0.8 && beside < 1.25;
}

function dayAfter(days: number): string {
  return new Date(NOW.getTime() + days * 86_400_000).toISOString().slice(0, 10);
}

function grouped(rows: readonly Fields[]): Map<unknown, Fields[]> {
  const groups = new Map<unknown, Fields[]>();
  for (const row of rows)
    groups.set(row['ex_dividend_date'], [...(groups.get(row['ex_dividend_date']) ?? []), row]);
  return groups;
}
