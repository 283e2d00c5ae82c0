/** What a REST answer may do to a table: nothing that the vendor's documents do not give, and never the key. */
import { describe, expect, it } from 'vitest';
import { dividends } from '#market/tables/actions.js';
import { news } from '#market/tables/news.js';
import { tickers } from '#market/tables/reference.js';
import type { TableType } from '#market/tables/table-type.js';
import { createCounters } from '#platform/guard/counting.js';
import { createGuard, DEFAULT_WATCHDOG } from '#platform/guard/guard.js';
import { SourceError } from '#platform/http/source-error.js';
import { restClient } from '#vendors/rest/client.js';
import { pages } from '#vendors/rest/pages.js';
import { type Row, recordReader } from '#vendors/rest/records.js';
import { ShapeError } from '#vendors/rest/shape-error.js';
import { openTransport } from '#vendors/rest/transport.js';
import { type Answer, type MiniRest, miniRest, REST_KEY } from '../../support/mini-rest.js';

interface Got {
  readonly rows: readonly Row[];
  readonly waits: readonly number[];
  readonly unknown: ReadonlyMap<string, number>;
}

async function get(
  rest: MiniRest,
  type: TableType = dividends,
  more: { readonly endpoint?: string; readonly quietWaitMs?: number } = {},
): Promise<Got> {
  const waits: number[] = [];
  const retry = {
    attempts: 3,
    baseMs: 1,
    capMs: 1,
    random: () => 0,
    sleep: async () => undefined,
    onRetry: (_: unknown, _n: number, ms: number) => {
      waits.push(ms);
    },
  };
  const counters = createCounters();
  const endpoint = more.endpoint ?? rest.endpoint;
  const transport = await openTransport({ endpoint, key: REST_KEY, proxy: undefined, concurrency: 2 });
  // The gate's pauses are real ones: none is waited for here.
  let clock = 0;
  const guard = createGuard({
    retry,
    maxConcurrency: 2,
    watchdog: DEFAULT_WATCHDOG,
    counters,
    now: () => (clock += 1e6),
  });
  const client = restClient({ transport, endpoint, guard, retry, quietWaitMs: more.quietWaitMs });
  const reader = recordReader(type);
  try {
    const rows: Row[] = [];
    const request = { type, row: reader.row, target: `${type.path}?limit=2`, signal: undefined };
    for await (const page of pages(client, request)) rows.push(...page);
    return { rows, waits, unknown: reader.unknown };
  } finally {
    client.close();
  }
}

const dividend = (id: string, more: object = {}): Row => ({
  id,
  ticker: 'A',
  ex_dividend_date: '2025-08-11',
  ...more,
});
const ok = (results: unknown, more: object = {}): Answer => ({
  body: JSON.stringify({ status: 'OK', results, ...more }),
});

async function failure(got: Promise<unknown>): Promise<Error> {
  const error: unknown = await got.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Error);
  const text = `${String((error as Error).stack)} ${JSON.stringify(error)} ${JSON.stringify((error as Error).cause ?? null)}`;
  expect(text).not.toContain(REST_KEY);
  return error as Error;
}

describe('a list', () => {
  it('is every page until there is no next_url, short and empty ones included; the key is in the header alone', async () => {
    const rest = await miniRest();
    rest.lists.set(
      dividends.path,
      ['a', 'b', 'c', 'd', 'e'].map((id) => dividend(id)),
    );
    expect((await get(rest)).rows.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(rest.asked).toHaveLength(3);
    for (const { url, authorization } of rest.asked) {
      expect(url).not.toMatch(/apikey/i);
      expect(url).not.toContain(REST_KEY);
      expect(authorization).toBe(`Bearer ${REST_KEY}`);
    }
    rest.answer = ({ query }) =>
      query.has('cursor')
        ? undefined
        : ok([], {
            next_url: `${rest.endpoint}${dividends.path}?limit=9&cursor=${Buffer.from('["",0]').toString('base64')}`,
          });
    expect((await get(rest)).rows).toHaveLength(5);
  });

  it('goes on where the server names itself with a port, or as the vendor, and takes no key out of a URL', async () => {
    const rest = await miniRest();
    rest.answer = ({ query }) => {
      if (query.has('n')) return ok([dividend('last')]);
      return ok([dividend('first')], {
        next_url: `https://api.massive.com:443/elsewhere?n=1&apiKey=${REST_KEY}`,
      });
    };
    expect((await get(rest)).rows.map(({ id }) => id)).toEqual(['first', 'last']);
    expect(rest.asked[1]).toMatchObject({ path: '/elsewhere', url: '/elsewhere?n=1' });
  });

  it('never follows to another host, where the key would go', async () => {
    const [rest, other] = [await miniRest(), await miniRest()];
    rest.answer = () => ok([dividend('a')], { next_url: other.endpoint.replace('127.0.0.1', 'localhost') });
    expect(await failure(get(rest))).toMatchObject({ message: expect.stringContaining('localhost') });
    expect(other.asked).toEqual([]);
  });

  it('that goes round in a circle is an error, under ever new names too', async () => {
    const rest = await miniRest();
    rest.answer = () => ok([dividend('a')], { next_url: `${rest.endpoint}${dividends.path}?limit=2` });
    expect(await failure(get(rest))).toBeInstanceOf(ShapeError);
    rest.answer = (_, nth) => ok([dividend('a'), dividend('b')], { next_url: `${rest.endpoint}/x?n=${nth}` });
    expect(await failure(get(rest))).toBeInstanceOf(ShapeError);
    expect(rest.asked.length).toBeLessThan(10);
  });

  it('without results is empty where the status says that all is well, and an error elsewhere', async () => {
    const rest = await miniRest();
    for (const status of ['OK', 'DELAYED']) {
      rest.answer = () => ({ body: JSON.stringify({ status, request_id: 1 }) });
      expect((await get(rest)).rows).toEqual([]);
    }
    rest.answer = () => ({ body: '{"status":"NOT_AUTHORIZED","message":"You are not entitled"}' });
    expect(await failure(get(rest))).toMatchObject({ kind: 'denied' });
    rest.answer = () => ({ body: '{"status":"ERROR","error":"no"}' });
    expect(await failure(get(rest))).toBeInstanceOf(SourceError);
  });
});

describe('refusals', () => {
  it.each([
    [401, 'unauthenticated', 1],
    [403, 'denied', 1],
    [404, 'not-found', 1],
    [400, 'configuration', 1],
    [413, 'server', 3],
    [499, 'server', 3],
    [500, 'server', 3],
    [504, 'server', 3],
  ] as const)(
    '%i is %s, asked %i times, and what the server says shows no key',
    async (status, kind, times) => {
      const rest = await miniRest();
      rest.answer = () => ({
        status,
        body: JSON.stringify({ status: 'ERROR', error: `bad ${REST_KEY} at /x?apiKey=${REST_KEY}` }),
      });
      expect(await failure(get(rest))).toMatchObject({
        kind,
        status,
        message: expect.stringContaining('bad …'),
      });
      expect(rest.asked).toHaveLength(times);
    },
  );

  it('429 waits for what Retry-After says, in seconds or as a date, and for the minute where it is silent', async () => {
    const rest = await miniRest();
    rest.lists.set(dividends.path, [dividend('a')]);
    const headers = [
      { 'retry-after': '7' },
      { 'retry-after': 'Tue, 01 Dec 2026 03:00:09 GMT', date: 'Tue, 01 Dec 2026 03:00:00 GMT' },
    ];
    rest.answer = (_, nth) =>
      nth <= 2 ? { status: 429, headers: headers[nth - 1] ?? {}, body: '' } : undefined;
    expect((await get(rest)).waits).toEqual([7000, 9000]);
    rest.asked.length = 0;
    rest.answer = (_, nth) => (nth === 1 ? { status: 429, body: '' } : undefined);
    expect((await get(rest, dividends, { quietWaitMs: 61_000 })).waits).toEqual([61_000]);
  });

  it('a page of HTML with a status of 200 is a portal, and said so', async () => {
    const rest = await miniRest();
    rest.answer = () => ({ headers: { 'content-type': 'text/html' }, body: '<html>please log in</html>' });
    expect(await failure(get(rest))).toMatchObject({ message: expect.stringContaining('text/html') });
  });

  it('JSON that breaks off is asked for again', async () => {
    const rest = await miniRest();
    rest.lists.set(dividends.path, [dividend('a')]);
    rest.answer = (_, nth) => (nth === 1 ? { body: '{"status":"OK","results":[{"id":"a"' } : undefined);
    expect((await get(rest)).rows).toHaveLength(1);
  });
});

describe('records', () => {
  const rowsOf = async (type: TableType, results: unknown): Promise<Got> => {
    const rest = await miniRest();
    rest.answer = () => ({
      body: `{"status":"OK","results":${typeof results === 'string' ? results : JSON.stringify(results)}}`,
    });
    return get(rest, type);
  };

  it('keep the digits of exact amounts, and texts that look like them', async () => {
    const [row] = (
      await rowsOf(
        dividends,
        '[{"id":"say \\"cash_amount\\":1.50","cash_amount" : 0.1234567890123456789,"split_adjusted_cash_amount":2e+06,"historical_adjustment_factor":0.997899}]',
      )
    ).rows;
    expect(row).toEqual({
      id: 'say "cash_amount":1.50',
      cash_amount: '0.1234567890123456789',
      split_adjusted_cash_amount: '2e+06',
      historical_adjustment_factor: 0.997899,
    });
  });

  it('that have what no column knows keep it, and it is told', async () => {
    const { rows, unknown } = await rowsOf(dividends, [
      dividend('a', { withholding: { US: 1 } }),
      dividend('b'),
    ]);
    expect(rows[0]).toMatchObject({ id: 'a', extra: { withholding: { US: 1 } } });
    expect(rows[1]).not.toHaveProperty('extra');
    expect([...unknown]).toEqual([['withholding', 1]]);
  });

  it.each([
    [dividends, { ticker: 'A' }, /^dividends: id is absent where text is documented/],
    [dividends, { id: 'a', cash_amount: 'much' }, /^dividends: cash_amount is "much" where decimal/],
    [dividends, { id: 'a', frequency: 1.5 }, /^dividends: frequency is 1.5 where integer/],
    [dividends, { id: 'a', ex_dividend_date: 'soon' }, /^dividends: ex_dividend_date is "soon" where date/],
    [dividends, 7, /^dividends: a record is 7/],
    [tickers, { ticker: 'A', active: 'yes' }, /^tickers: active is "yes" where boolean/],
    [
      news,
      { id: 'a', published_utc: '2024-01-01T00:00:00Z', publisher: { name: 7 } },
      /^news: publisher\.name is 7/,
    ],
    [
      news,
      { id: 'a', published_utc: '2024-01-01T00:00:00Z', tickers: 'AAPL' },
      /^news: tickers is "AAPL" where texts/,
    ],
  ] as const)('of a changed shape are an error by type and field: %#', async (type, record, said) => {
    const error = await failure(rowsOf(type, [record]));
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toMatch(said);
  });

  it('take null for absent, days as integers and none as an empty text', async () => {
    const { rows } = await rowsOf(dividends, [
      dividend('a', { currency: null, pay_date: 20250814, record_date: '' }),
    ]);
    expect(rows[0]).toMatchObject({ currency: null, pay_date: '2025-08-14', record_date: null });
  });

  it('of results that are no list are a changed shape', async () => {
    expect((await failure(rowsOf(dividends, { id: 'a' }))).message).toContain('results is an object');
    expect((await failure(rowsOf(dividends, '7'))).message).toMatch(/^dividends: results is 7/);
  });
});
