/** Who stands behind a ticker, and what else there is to know of it. */
import { expect, test } from 'vitest';
import { nyse } from '#market/calendar/nyse.js';
import { KNOWN_SYMBOLS } from '#sandbox/market/known-symbols.js';
import { stockDays } from '#sandbox/market/stock-days.js';
import { rowsOf as dayRows } from '../market/market-text.js';
import { ask, type Fields, NOW, rowsOf, running } from './rest-client.js';

const DAY_MS = 86_400_000;

test('a company that was renamed has one FIGI under two names, and its events tell both', async () => {
  const sandbox = await running();
  const of = async (day: string, ticker: string) =>
    (await rowsOf(sandbox, `/v3/reference/tickers?date=${day}&ticker=${ticker}`))[0];
  const [before, after] = [await of('2022-06-08', 'FB'), await of('2022-06-09', 'META')];
  expect(before?.['composite_figi']).toBe(after?.['composite_figi']);
  expect(before?.['cik']).toBe('0001326801');
  expect(await of('2022-06-08', 'META')).toBeUndefined();
  expect(await of('2022-06-09', 'FB')).toBeUndefined();
  const events = await ask(sandbox, '/vX/reference/tickers/META/events');
  expect(events.body.results).toMatchObject({
    composite_figi: after?.['composite_figi'],
    events: [
      { type: 'ticker_change', date: '2022-06-09', ticker_change: { ticker: 'META' } },
      { type: 'ticker_change', date: '2012-05-18', ticker_change: { ticker: 'FB' } },
    ],
  });
  const byFigi = await ask(sandbox, `/vX/reference/tickers/${String(after?.['composite_figi'])}/events`);
  expect(byFigi.body.results).toEqual(events.body.results);
});

test('other companies are renamed too: their prices go on from one name to the next', async () => {
  const sandbox = await running({ tickers: 2500 });
  const market = stockDays({ seed: 1, tickers: 2500 });
  const names = async (day: string) =>
    new Map(
      (await rowsOf(sandbox, `/v3/reference/tickers?date=${day}&limit=1000&market=stocks`)).map((row) => [
        row['share_class_figi'],
        String(row['ticker']),
      ]),
    );
  const [before, after] = [await names('2021-01-04'), await names('2026-11-20')];
  const renamed = [...before].filter(
    ([figi, ticker]) => figi !== undefined && after.has(figi) && after.get(figi) !== ticker,
  );
  expect(renamed.length).toBeGreaterThan(3);
  let joined = 0;
  for (const [figi, ticker] of renamed.filter(([, name]) => name !== 'FB').slice(0, 4)) {
    const { body } = await ask(sandbox, `/vX/reference/tickers/${after.get(figi)}/events`);
    const { events } = body.results as unknown as { events: readonly Fields[] };
    expect(events.map((event) => (event['ticker_change'] as Fields)['ticker'])).toEqual([
      after.get(figi),
      ticker,
    ]);
    const day = String(events[0]?.['date']);
    const [last, first] = [dayRows(market, nyse.previous(day, 1)), dayRows(market, day)];
    expect(last.some((row) => row.ticker === after.get(figi))).toBe(false);
    expect(first.some((row) => row.ticker === ticker)).toBe(false);
    const closes = [
      last.find((row) => row.ticker === ticker),
      first.find((row) => row.ticker === after.get(figi)),
    ];
    if (closes[0] === undefined || closes[1] === undefined) continue;
    expect(closes[1].close / closes[0].close).toBeGreaterThan(0.7);
    expect(closes[1].close / closes[0].close).toBeLessThan(1.4);
    joined += 1;
  }
  expect(joined).toBeGreaterThan(1);
});

test('a ticker means who has it now; of its former owner, the FIGI tells', async () => {
  const sandbox = await running();
  const now = (await ask(sandbox, '/vX/reference/tickers/FB/events')).body.results as unknown as {
    events: Fields[];
  };
  expect(now.events).toHaveLength(1);
  const [first, second] = await Promise.all(
    ['2025-02-28', '2026-03-16'].map((day) =>
      rowsOf(sandbox, `/v3/reference/tickers?date=${day}&ticker=MTTR`),
    ),
  );
  expect(first).toHaveLength(1);
  expect(second).toHaveLength(1);
  expect(first?.[0]?.['composite_figi']).not.toBe(second?.[0]?.['composite_figi']);
  expect(first?.[0]?.['cik']).not.toBe(second?.[0]?.['cik']);
});

test('delisted tickers are a set apart, in which one can stand several times', async () => {
  const sandbox = await running();
  const active = await rowsOf(sandbox, '/v3/reference/tickers?limit=1000&market=stocks');
  const gone = await rowsOf(sandbox, '/v3/reference/tickers?limit=1000&active=false');
  expect(active.every((row) => row['active'] === true && row['delisted_utc'] === undefined)).toBe(true);
  expect(
    gone.every((row) => row['active'] === false && /^\d{4}-\d\d-\d\dT/.test(String(row['delisted_utc']))),
  ).toBe(true);
  expect(gone.filter((row) => row['ticker'] === 'MTTR')).toHaveLength(1);
  expect(active.filter((row) => row['ticker'] === 'MTTR')).toHaveLength(1);
  await sandbox.setRestNow(new Date('2026-03-02T17:00:00Z'));
  expect((await ask(sandbox, '/v3/reference/tickers/MTTR')).status).toBe(404);
  expect(gone.map((row) => row['ticker'])).toContain('X');
  expect(gone.find((row) => row['ticker'] === 'X')?.['delisted_utc']).toBe('2025-06-19T04:00:00Z');
});

test('the list has every kind of paper, names as they are, other markets when asked for, and no test symbols', async () => {
  const sandbox = await running({ tickers: 2000 });
  const rows = await rowsOf(sandbox, '/v3/reference/tickers?limit=1000&market=stocks');
  const tickers = rows.map((row) => String(row['ticker']));
  expect(new Set(rows.map((row) => row['type']))).toEqual(
    new Set(['CS', 'ADRC', 'OS', 'ETF', 'ETN', 'FUND', 'PFD', 'WARRANT', 'RIGHT', 'UNIT']),
  );
  expect(tickers).toEqual([...tickers].sort());
  expect(tickers.filter((ticker, place) => tickers.indexOf(ticker) !== place)).toEqual(['PRN']);
  for (const name of ['BCPC', 'BCpC', 'BRK.B', 'NA', 'TRUE', 'BApA']) expect(tickers).toContain(name);
  for (const name of ['ZVZZT', 'NTEST.H']) {
    expect(KNOWN_SYMBOLS.map((one) => one.ticker)).toContain(name);
    expect(tickers).not.toContain(name);
  }
  const otc = await rowsOf(sandbox, '/v3/reference/tickers?limit=1000&market=otc');
  expect(otc.length).toBeGreaterThan(50);
  expect(otc.every((row) => /^[A-Z]{4}[YFQ]$/.test(String(row['ticker'])) && row['market'] === 'otc')).toBe(
    true,
  );
  expect(rows.some((row) => row['composite_figi'] === undefined)).toBe(true);
  expect(rows.every((row) => /T\d\d:\d\d:\d\d\.\d{9}Z$/.test(String(row['last_updated_utc'])))).toBe(true);
  expect(rows.every((row) => row['cusip'] === undefined)).toBe(true);
  const shares = await rowsOf(sandbox, '/v3/reference/tickers?limit=1000&type=CS&market=stocks&order=desc');
  expect(shares.every((row) => row['type'] === 'CS')).toBe(true);
  expect(String(shares[0]?.['ticker']) > String(shares.at(-1)?.['ticker'])).toBe(true);
  const found = await rowsOf(sandbox, '/v3/reference/tickers?search=apple&limit=1000');
  expect(found.map((row) => row['ticker'])).toContain('AAPL');
});

test('details are of who has the ticker on the day, with odd names escaped; unknown ones are 404', async () => {
  const sandbox = await running();
  const { body } = await ask(sandbox, '/v3/reference/tickers/AAPL');
  expect(body.results).toMatchObject({
    ticker: 'AAPL',
    cik: '0000320193',
    list_date: '2003-09-08',
    ticker_root: 'AAPL',
  });
  const odd = await ask(sandbox, `/v3/reference/tickers/${encodeURIComponent('BRK.B')}`);
  expect(odd.body.results).toMatchObject({
    ticker: 'BRK.B',
    ticker_root: 'BRK',
    ticker_suffix: 'B',
    cik: '0001067983',
  });
  for (const path of [
    '/v3/reference/tickers/NOSUCH',
    '/v3/reference/tickers/FB?date=2024-01-02',
    '/vX/reference/tickers/NOSUCH/events',
    '/v1/related-companies/NOSUCH',
    '/v3/reference/tickers/aapl',
  ])
    expect(await ask(sandbox, path), path).toMatchObject({
      status: 404,
      body: { status: 'NOT_FOUND', message: 'Ticker not found.' },
    });
});

test('related companies: about ten, in an order that changes, under either name for the one asked about', async () => {
  const sandbox = await running();
  const names = new Set<string>();
  const orders = new Set<string>();
  for (const ticker of ['AAPL', 'MSFT', 'GOOGL', 'KO', 'JPM']) {
    const { body } = await ask(sandbox, `/v1/related-companies/${ticker}`);
    expect(body.results?.length).toBe(10);
    for (const name of ['ticker', 'stock_symbol']) if ((body as Fields)[name] === ticker) names.add(name);
    if (ticker === 'GOOGL') expect(body.results?.[0]).toEqual({ ticker: 'GOOG' });
  }
  expect(names).toEqual(new Set(['ticker', 'stock_symbol']));
  for (let week = 0; week < 3; week++) {
    await sandbox.setRestNow(new Date(NOW.getTime() + week * 7 * DAY_MS));
    orders.add(JSON.stringify((await ask(sandbox, '/v1/related-companies/AAPL')).body.results));
  }
  expect(orders.size).toBeGreaterThan(1);
});

test('exchanges have numbers for ids in the old list and texts in the new one; condition ids repeat', async () => {
  const sandbox = await running();
  const old = await rowsOf(sandbox, '/v3/reference/exchanges?asset_class=stocks');
  const newer = await rowsOf(sandbox, '/stocks/v1/exchanges?limit=999');
  expect(old.every((row) => typeof row['id'] === 'number')).toBe(true);
  expect(newer.every((row) => typeof row['id'] === 'string' && row['locale'] === 'US')).toBe(true);
  expect(newer.map((row) => row['type'])).toContain('ORF');
  expect((await ask(sandbox, '/stocks/v1/exchanges?limit=1000')).status).toBe(400);
  const conditions = await rowsOf(sandbox, '/v3/reference/conditions?limit=5');
  expect(conditions.filter((row) => row['id'] === 1)).toHaveLength(2);
  expect((await rowsOf(sandbox, '/v3/reference/conditions?data_type=nbbo')).length).toBe(1);
  expect(
    (await rowsOf(sandbox, '/v3/reference/tickers/types?asset_class=stocks')).map((row) => row['code']),
  ).toContain('ADRC');
});

test('holidays are a bare array of days to come; the status has a clock', async () => {
  const sandbox = await running();
  const { text } = await ask(sandbox, '/v1/marketstatus/upcoming');
  const rows: Fields[] = JSON.parse(text);
  expect(rows[0]).toEqual({
    date: '2026-11-26',
    exchange: 'NYSE',
    name: 'Thanksgiving Day',
    status: 'closed',
  });
  expect(rows.find((row) => row['status'] === 'early-close')).toMatchObject({
    date: '2026-11-27',
    close: '2026-11-27T18:00:00.000Z',
  });
  expect(rows.every((row) => String(row['date']) > '2026-11-20')).toBe(true);
  expect(JSON.parse((await ask(sandbox, '/v1/marketstatus/now')).text)).toMatchObject({
    market: 'open',
    serverTime: NOW.toISOString(),
  });
});

test('an offering goes from rumour or pending over new to history, and its ticker and day with it', async () => {
  const sandbox = await running({ tickers: 3000 });
  const states = new Map<unknown, Fields[]>();
  for (let day = 0; day <= 60; day += 3) {
    await sandbox.setRestNow(new Date(NOW.getTime() + day * DAY_MS));
    for (const row of await rowsOf(sandbox, '/v1/reference/ipos?limit=1000&listing_date.gte=2026-10-01'))
      states.set(row['isin'], [...(states.get(row['isin']) ?? []), row]);
    for (const row of await rowsOf(
      sandbox,
      '/vX/reference/ipos?limit=1000&ipo_status.any_of=rumor,pending,postponed',
    ))
      states.set(row['isin'], [...(states.get(row['isin']) ?? []), row]);
  }
  const ways = [...states].filter(([isin]) => isin !== undefined).map(([, rows]) => rows);
  expect(
    ways.some(
      (rows) =>
        rows.some((row) => row['ipo_status'] === 'pending') && rows.at(-1)?.['ipo_status'] === 'history',
    ),
  ).toBe(true);
  expect(ways.some((rows) => new Set(rows.map((row) => row['listing_date'])).size > 2)).toBe(true);
  const all = await rowsOf(sandbox, '/v1/reference/ipos?limit=1000');
  expect(all.some((row) => row['listing_date'] === undefined && row['ipo_status'] === 'withdrawn')).toBe(
    true,
  );
  expect(all.some((row) => row['isin'] === undefined && row['us_code'] === undefined)).toBe(true);
  expect(all.some((row) => typeof row['listing_date'] === 'number')).toBe(true);
  expect((await ask(sandbox, '/v1/reference/ipos?limit=2')).body.next_url).toContain('/vX/reference/ipos?');
  expect((await ask(sandbox, '/v1/reference/ipos?sort=last_updated')).status).toBe(400);
  expect((await ask(sandbox, '/vX/reference/ipos?sort=last_updated')).status).toBe(200);
});
