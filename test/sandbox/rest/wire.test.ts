/** Keys, plans, limits, envelopes and pages as the vendor's are. */
import { expect, test } from 'vitest';
import { SANDBOX_REST_KEY } from '#sandbox/options.js';
import { REST_PATHS } from '#sandbox/rest/rest-types.js';
import { ask, pages, rowsOf, running } from './rest-client.js';

test('a key is taken from the header or the query; without one, or with another, it is 401', async () => {
  const sandbox = await running();
  const where = '/stocks/v1/splits?ticker=AAPL';
  expect((await ask(sandbox, where)).status).toBe(200);
  expect((await ask(sandbox, `${where}&apiKey=${SANDBOX_REST_KEY}`, {})).status).toBe(200);
  const none = await ask(sandbox, where, {});
  expect(none).toMatchObject({ status: 401, body: { status: 'ERROR', error: 'API Key was not provided' } });
  const wrong = await ask(sandbox, where, { Authorization: 'Bearer wrong' });
  expect(wrong).toMatchObject({ status: 401, body: { status: 'ERROR', error: 'Unknown API Key' } });
  const { records } = await sandbox.restRequests();
  expect(JSON.stringify(records)).not.toContain(SANDBOX_REST_KEY);
});

test('what a plan lacks is 403 by type, and the other types go on', async () => {
  const sandbox = await running({ rest: { deniedTypes: ['balance_sheets'], delayed: true } });
  expect(await ask(sandbox, `${REST_PATHS.balance_sheets}?limit=1`)).toMatchObject({
    status: 403,
    body: {
      status: 'NOT_AUTHORIZED',
      message: expect.stringMatching(/^You are not entitled to this data\./),
    },
  });
  const other = await ask(sandbox, `${REST_PATHS.income_statements}?limit=1`);
  expect(other).toMatchObject({ status: 200, body: { status: 'DELAYED' } });
  await sandbox.setRest({ earliest: '2020-01-01' });
  expect((await ask(sandbox, `${REST_PATHS.balance_sheets}?filing_date.gte=2020-01-01&limit=1`)).status).toBe(
    200,
  );
  expect(await ask(sandbox, `${REST_PATHS.balance_sheets}?filing_date.gte=2019-12-31&limit=1`)).toMatchObject(
    {
      status: 403,
      body: { message: "Your plan doesn't include this data timeframe." },
    },
  );
});

test('five requests a minute, then 429 with the wait in seconds, as a date, or not at all, and at times no body', async () => {
  for (const retryAfter of ['seconds', 'date', 'none'] as const) {
    const sandbox = await running({ rest: { rate: { requests: 5, retryAfter } } });
    const answers = [];
    for (let i = 0; i < 8; i++) answers.push(await ask(sandbox, '/stocks/v1/splits?ticker=AAPL'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
    const wait = answers[5]?.headers.get('retry-after') ?? null;
    if (retryAfter === 'none') expect(wait).toBeNull();
    else {
      const seconds = retryAfter === 'seconds' ? Number(wait) : (Date.parse(wait ?? '') - Date.now()) / 1000;
      expect(seconds).toBeGreaterThan(30);
      expect(seconds).toBeLessThan(62);
    }
    expect(answers[5]?.body.error).toMatch(/^You've exceeded the maximum requests per minute/);
    expect(answers[7]?.text).toBe('');
  }
});

test('a stretch of time that is over frees its requests', async () => {
  const sandbox = await running({ rest: { rate: { requests: 1, windowMs: 1500 } } });
  const where = '/stocks/v1/splits?ticker=AAPL';
  expect([(await ask(sandbox, where)).status, (await ask(sandbox, where)).status]).toEqual([200, 429]);
  await new Promise((resolve) => setTimeout(resolve, 1560));
  expect((await ask(sandbox, where)).status).toBe(200);
});

test('next_url is a whole URL with a port, without the key and with all filters inside; pages may be short or empty', async () => {
  const sandbox = await running();
  const where = '/stocks/v1/dividends?ticker=AAPL&limit=4&sort=ex_dividend_date.desc';
  const whole = await rowsOf(sandbox, where.replace('limit=4', 'limit=1000'));
  const all = await pages(sandbox, where);
  expect(all.flatMap(({ body }) => body.results ?? [])).toEqual(whole);
  expect(all.slice(0, 5).map(({ body }) => body.results?.length)).toEqual([4, 4, 2, undefined, 4]);
  for (const { body } of all.slice(0, -1)) {
    expect(body.next_url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/stocks\/v1\/dividends\?cursor=[\w-]+$/);
    expect(body.next_url).not.toContain(SANDBOX_REST_KEY);
  }
  expect((await ask(sandbox, all[0]?.body.next_url ?? '', {})).status).toBe(401);
});

test('a list that fills its last page has one more, without results', async () => {
  const sandbox = await running();
  const where = '/stocks/v1/splits?ticker=AAPL&limit=1';
  const [first, second, ...more] = await pages(sandbox, where);
  expect(first?.body.results).toHaveLength(1);
  expect(second?.body).not.toHaveProperty('results');
  expect(second?.body.status).toBe('OK');
  expect(more).toEqual([]);
});

test('nothing found: no results in v1, an empty list in the older endpoints; request_id is a text or 1', async () => {
  const sandbox = await running();
  const ids = [];
  for (let i = 0; i < 6; i++) {
    const { body } = await ask(sandbox, '/stocks/v1/splits?ticker=NOSUCH');
    expect(body).not.toHaveProperty('results');
    expect(body).not.toHaveProperty('count');
    ids.push(typeof body.request_id);
  }
  expect(new Set(ids)).toEqual(new Set(['string', 'number']));
  expect((await ask(sandbox, '/v3/reference/splits?ticker=NOSUCH')).body).toMatchObject({
    count: 0,
    results: [],
  });
});

test('a limit of 50,000 is the largest; a parameter of a wrong kind is 400, one that does not exist nothing', async () => {
  const sandbox = await running();
  const statuses = [];
  for (const query of [
    'limit=50000',
    'limit=50001',
    'limit=0',
    'filing_date.gte=soon',
    'sort=colour.asc',
    'cursor=x',
  ])
    statuses.push((await ask(sandbox, `${REST_PATHS.balance_sheets}?tickers=AAPL&${query}`)).status);
  expect(statuses).toEqual([200, 400, 400, 400, 400, 400]);
  const plain = await rowsOf(sandbox, '/stocks/v1/splits?ticker=AAPL');
  expect(await rowsOf(sandbox, '/stocks/v1/splits?ticker=AAPL&statement=income&tickers.gte=Z')).toEqual(
    plain,
  );
});

test('filters: ranges, any_of, all_of, equality; sorts by several columns', async () => {
  const sandbox = await running();
  const rows = await rowsOf(
    sandbox,
    `${REST_PATHS.balance_sheets}?tickers.any_of=MSFT,AAPL&filing_date.gt=2024-01-31&filing_date.lte=2025-06-30&timeframe=quarterly&sort=tickers.asc,period_end.desc`,
  );
  expect(rows.length).toBeGreaterThan(8);
  expect(rows.every(({ timeframe }) => timeframe === 'quarterly')).toBe(true);
  expect(
    rows.every(({ filing_date: day }) => String(day) > '2024-01-31' && String(day) <= '2025-06-30'),
  ).toBe(true);
  expect(new Set(rows.map(({ tickers }) => String(tickers)))).toEqual(new Set(['AAPL', 'MSFT']));
  const both = await rowsOf(
    sandbox,
    `${REST_PATHS.balance_sheets}?tickers.all_of=GOOG,GOOGL&period_end.gte=2025-01-01`,
  );
  expect(both.length).toBeGreaterThan(3);
  expect(both.every(({ tickers }) => JSON.stringify(tickers) === '["GOOG","GOOGL"]')).toBe(true);
  expect(await rowsOf(sandbox, `${REST_PATHS.balance_sheets}?tickers.all_of=GOOG,AAPL`)).toEqual([]);
});

test('answers are compressed for who takes that, and counted by type', async () => {
  const sandbox = await running();
  const response = await fetch(`${sandbox.restEndpoint}/v3/reference/tickers?limit=1000`, {
    headers: { Authorization: `Bearer ${SANDBOX_REST_KEY}`, 'Accept-Encoding': 'gzip' },
  });
  expect(response.headers.get('content-encoding')).toBe('gzip');
  expect(await response.text()).toMatch(/"count":\d\d\d,/);
  expect((await ask(sandbox, '/v9/nothing')).status).toBe(404);
  const log = await sandbox.restRequests();
  expect(log).toMatchObject({ requests: 2, byType: { tickers: 1 } });
  expect(log.records).toEqual([
    { type: 'tickers', path: '/v3/reference/tickers', query: 'limit=1000', status: 200, fault: undefined },
    { type: undefined, path: '/v9/nothing', query: '', status: 404, fault: undefined },
  ]);
});
