/** News come late and are edited; short data are published days later and revised. */
import { expect, test } from 'vitest';
import { stockDays } from '#sandbox/market/stock-days.js';
import { rowsOf as dayRows } from '../market/market-text.js';
import { ask, type Fields, NOW, rowsOf, running } from './rest-client.js';

const DAY_MS = 86_400_000;

function byId(rows: readonly Fields[]): ReadonlyMap<unknown, Fields> {
  return new Map(rows.map((row) => [row['id'], row]));
}

test('articles: since April 2017, names that are no tickers, none at all, insights only of newer ones', async () => {
  const sandbox = await running();
  const old = await rowsOf(
    sandbox,
    '/v2/reference/news?published_utc.lt=2017-06-01&limit=1000&order=asc&sort=published_utc',
  );
  expect(String(old[0]?.['published_utc'])).toMatch(/^2017-04-10T/);
  expect(old.every((row) => row['insights'] === undefined)).toBe(true);
  const rows = await rowsOf(
    sandbox,
    '/v2/reference/news?published_utc.gte=2025-06-01&published_utc.lt=2026-01-01&limit=1000&order=asc',
  );
  const times = rows.map((row) => String(row['published_utc']));
  expect(times).toEqual([...times].sort());
  expect(times.every((time) => time >= '2025-06-01' && time < '2026-01-01')).toBe(true);
  const tickers = rows.flatMap((row) => row['tickers'] as string[]);
  for (const name of ['X:BTCUSD', 'BRK-B', 'AAPL']) expect(tickers).toContain(name);
  expect(rows.some((row) => (row['tickers'] as string[]).length === 0)).toBe(true);
  expect(rows.some((row) => row['insights'] !== undefined)).toBe(true);
  expect(new Set(rows.map((row) => row['id'])).size).toBe(rows.length);
  const apple = await rowsOf(
    sandbox,
    '/v2/reference/news?ticker=AAPL&published_utc.gte=2026-11-01&limit=1000',
  );
  expect(apple.length).toBeGreaterThan(3);
  expect(apple.every((row) => (row['tickers'] as string[]).includes('AAPL'))).toBe(true);
});

test("a range's upper bound that is a day means its midnight", async () => {
  const sandbox = await running();
  const rows = await rowsOf(
    sandbox,
    '/v2/reference/news?published_utc.gte=2026-11-17&published_utc.lte=2026-11-18&limit=1000',
  );
  expect(rows.length).toBeGreaterThan(3);
  expect(rows.every((row) => String(row['published_utc']).startsWith('2026-11-17'))).toBe(true);
});

test('articles arrive late, are edited under their id, and a few go', async () => {
  const sandbox = await running({ tickers: 3000 });
  const where =
    '/v2/reference/news?published_utc.gte=2026-10-01&published_utc.lt=2026-11-21&limit=1000&order=asc';
  const now = byId(await rowsOf(sandbox, where));
  await sandbox.setRestNow(new Date(NOW.getTime() + 60 * DAY_MS));
  const later = byId(await rowsOf(sandbox, where));
  expect(
    [...later.values()].some(
      (row) => !now.has(row['id']) && String(row['published_utc']) < NOW.toISOString(),
    ),
  ).toBe(true);
  const edited = [...now].filter(
    ([id, row]) => later.has(id) && JSON.stringify(later.get(id)) !== JSON.stringify(row),
  );
  expect(edited.length).toBeGreaterThan(0);
  expect([...now.keys()].filter((id) => !later.has(id)).length).toBeGreaterThan(0);
  for (const [id, row] of edited) expect(later.get(id)?.['title']).toBe(`${String(row['title'])} (updated)`);
});

test('short interest: twice a month, known some days later, revised after weeks', async () => {
  const sandbox = await running();
  const where =
    '/stocks/v1/short-interest?settlement_date.gte=2026-06-01&limit=50000&sort=settlement_date.asc';
  const rows = await rowsOf(sandbox, where);
  const dates = [...new Set(rows.map((row) => row['settlement_date']))];
  expect(dates).toEqual([
    '2026-06-15',
    '2026-06-30',
    '2026-07-15',
    '2026-07-31',
    '2026-08-14',
    '2026-08-31',
    '2026-09-15',
    '2026-09-30',
    '2026-10-15',
    '2026-10-30',
  ]);
  const covered = rows.filter((row) => Number(row['avg_daily_volume']) > 0);
  for (const row of covered)
    expect(Number(row['days_to_cover'])).toBeCloseTo(
      Math.max(1, Number(row['short_interest']) / Number(row['avg_daily_volume'])),
      1,
    );
  await sandbox.setRestNow(new Date(NOW.getTime() + 10 * DAY_MS));
  const later = await rowsOf(sandbox, where);
  expect(later.map((row) => row['settlement_date'])).toContain('2026-11-13');
  const before = new Map(
    rows.map((row) => [`${row['ticker']} ${row['settlement_date']}`, row['short_interest']]),
  );
  const revised = later.filter((row) => {
    const was = before.get(`${row['ticker']} ${row['settlement_date']}`);
    return was !== undefined && was !== row['short_interest'];
  });
  expect(revised.length).toBeGreaterThan(0);
});

test("short volume: of each ticker that traded, less than the market's volume, its parts add up", async () => {
  const sandbox = await running();
  const rows = await rowsOf(sandbox, '/stocks/v1/short-volume?date=2026-11-18&limit=50000');
  const traded = new Map(
    dayRows(stockDays({ seed: 1, tickers: 300 }), '2026-11-18').map((row) => [row.ticker, row]),
  );
  expect(rows.length).toBeGreaterThan(270);
  for (const row of rows) {
    const bar = traded.get(String(row['ticker']));
    expect(bar, String(row['ticker'])).toBeDefined();
    if (bar !== undefined && bar.volume > 0)
      expect(Number(row['total_volume'])).toBeLessThanOrEqual(Math.max(1, bar.volume));
    const of = (kind: string) =>
      ['nyse', 'nasdaq_carteret', 'nasdaq_chicago', 'adf'].reduce(
        (sum, name) => sum + Number(row[`${name}_${kind}`]),
        0,
      );
    expect(of('short_volume')).toBe(row['short_volume']);
    expect(of('short_volume_exempt')).toBe(row['exempt_volume']);
    expect(row['non_exempt_volume']).toBe(Number(row['short_volume']) - Number(row['exempt_volume']));
  }
  expect(await rowsOf(sandbox, '/stocks/v1/short-volume?date=2026-11-20&limit=50000')).toEqual([]);
});

test('float: the newest only, of shares that are listed', async () => {
  const sandbox = await running();
  const rows = await rowsOf(sandbox, '/stocks/vX/float?limit=5000');
  expect(rows.length).toBeGreaterThan(60);
  expect(new Set(rows.map((row) => row['effective_date']))).toEqual(new Set(['2026-10-31']));
  expect(rows.every((row) => Number(row['free_float_percent']) <= 100 && Number(row['free_float']) > 0)).toBe(
    true,
  );
  expect((await ask(sandbox, '/stocks/vX/float?limit=5001')).status).toBe(400);
});
