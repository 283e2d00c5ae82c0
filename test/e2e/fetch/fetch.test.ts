/** fetch: what the API has becomes tables, once; what changes there becomes versions; the exit code is the truth. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { dividends, splits, tickerEvents } from '#market/tables/actions.js';
import { relatedTickers, tickers } from '#market/tables/reference.js';
import { balanceSheets } from '#market/tables/statements.js';
import { type MiniRest, miniRest, REST_KEY, type Record_ } from '../../support/mini-rest.js';
import { type Ended, Workdir } from '../../support/workdir.js';

const KEY = { MASSIVE_API_KEY: REST_KEY };

function fetching(
  work: Workdir,
  rest: MiniRest,
  args: string,
  env: Record<string, string> = KEY,
): Promise<Ended> {
  return work.verb(`fetch ${args} --rest-endpoint ${rest.endpoint}`, { env });
}

async function sql(work: Workdir, text: string, ...more: string[]): Promise<string> {
  const ended = await work.run(['sql', text, '--data-dir', work.data, ...more]);
  expect(ended.stderr).toBe('');
  return ended.stdout;
}

const dividend = (id: string, ticker: string, day: string, cash: number): Record_ => ({
  id,
  ticker,
  ex_dividend_date: day,
  cash_amount: cash,
  currency: 'USD',
});

const DIVIDENDS = [
  dividend('a1', 'AAPL', '2022-08-05', 0.23),
  dividend('a2', 'AAPL', '2024-05-10', 0.25),
  dividend('b1', 'BRK.B', '2023-02-01', 1.5),
];

it('what is there is fetched once, and a run that finds nothing new rewrites nothing', async () => {
  const [rest, work] = [await miniRest(), await Workdir.make()];
  rest.lists.set(dividends.path, DIVIDENDS);
  const first = await fetching(work, rest, 'dividends --json');
  expect([first.code, JSON.parse(first.stdout)]).toMatchObject([
    0,
    { types: [{ type: 'dividends', rows: 3, added: 3 }] },
  ]);
  expect(await sql(work, 'select id, cash_amount::double as cash from dividends order by 1')).toBe(
    'id,cash\na1,0.23\na2,0.25\nb1,1.5\n',
  );
  const before = work.everything();
  rest.asked.length = 0;
  expect((await fetching(work, rest, 'dividends')).code).toBe(0);
  expect(rest.asked.map(({ query }) => query.get('ex_dividend_date.gte'))).toEqual(['2024-05-15']);
  for (const [name, content] of Object.entries(work.everything()))
    if (name.endsWith('.parquet')) expect(content).toEqual(before[name]);
});

it('a correction is a version, what a full list lacks is gone and kept, and a past day is read as it was known', async () => {
  const [rest, work] = [await miniRest(), await Workdir.make()];
  rest.lists.set(dividends.path, DIVIDENDS);
  await fetching(work, rest, 'dividends');
  work.now = '2024-07-01T12:00:00Z';
  rest.lists.set(dividends.path, [
    dividend('a1', 'AAPL', '2022-08-05', 0.24),
    ...DIVIDENDS.slice(1, 2),
    dividend('late', 'AAPL', '2022-11-04', 0.3),
  ]);
  const full = await fetching(work, rest, 'dividends --full --json');
  expect(JSON.parse(full.stdout)).toMatchObject({ types: [{ added: 1, changed: 1, gone: 1 }] });
  const known = (day: string): Promise<string> =>
    sql(work, 'select id, cash_amount::double as cash from dividends order by 1', '--as-of', day);
  expect(await known('2022-08-04')).toBe('id,cash\n');
  expect(await known('2024-06-30')).toBe('id,cash\na1,0.23\na2,0.25\nb1,1.5\n');
  expect(await known('2024-07-01')).toBe('id,cash\na1,0.24\na2,0.25\nlate,0.3\n');
  expect(await sql(work, 'select id, version, assumed, gone_on from dividends_versions order by 1, 2')).toBe(
    'id,version,assumed,gone_on\na1,1,true,\na1,2,false,\na2,1,true,\nb1,1,true,2024-07-01\nlate,1,false,\n',
  );
});

it('named tickers are asked for together, and each has its line', async () => {
  const [rest, work] = [await miniRest(), await Workdir.make()];
  rest.lists.set(dividends.path, DIVIDENDS);
  rest.lists.set(splits.path, [
    {
      id: 's',
      ticker: 'AAPL',
      execution_date: '2020-08-31',
      split_from: 1,
      split_to: 4,
      adjustment_type: 'forward_split',
    },
  ]);
  rest.lists.set(balanceSheets.path, [
    {
      cik: '1',
      tickers: ['AAPL'],
      timeframe: 'quarterly',
      period_end: '2024-03-30',
      filing_date: '2024-05-03',
    },
    {
      cik: '2',
      tickers: ['BRK.A', 'BRK.B'],
      timeframe: 'quarterly',
      period_end: '2024-03-30',
      filing_date: '2024-05-06',
    },
  ]);
  const ended = await fetching(work, rest, 'balance_sheets dividends splits --tickers AAPL,BRK.B');
  expect([ended.code, ended.stdout]).toMatchObject([
    0,
    expect.stringContaining('AAPL: BS=1, Dividends=2, Splits=1\nBRK.B: BS=1, Dividends=1, Splits=0\n'),
  ]);
  expect(rest.asked).toHaveLength(3);
  expect(JSON.parse(work.read('fetch_progress.json'))).toMatchObject({
    completed: ['AAPL', 'BRK.B'],
    failed: {},
    total_tickers: 2,
    workers: 8,
  });
});

it('what goes ticker by ticker goes over the common stocks, goes on where it stopped, and 404 is an answer', async () => {
  const [rest, work] = [await miniRest(), await Workdir.make()];
  const stock = (ticker: string, type = 'CS'): Record_ => ({
    ticker,
    name: ticker,
    market: 'stocks',
    locale: 'us',
    active: true,
    type,
  });
  rest.lists.set(tickers.path, [stock('A'), stock('B'), stock('C/D'), stock('FUND', 'ETF')]);
  const related = (ticker: string): string =>
    relatedTickers.path.replace('{ticker}', encodeURIComponent(ticker));
  rest.answer = ({ path: asked }) => {
    if (!asked.startsWith('/v1/related')) return undefined;
    if (asked === related('B')) return { status: 404, body: '{"status":"NOT_FOUND"}' };
    if (asked === related('C/D') && rest.asked.length < 9)
      return { status: 400, body: '{"status":"ERROR","error":"no"}' };
    return { body: JSON.stringify({ status: 'OK', results: [{ ticker: 'X' }, { ticker: 'Y' }] }) };
  };
  const first = await fetching(work, rest, 'related_tickers --workers 1 --batch-size 2');
  expect([first.code, first.stdout]).toMatchObject([3, expect.stringContaining('failed: C/D')]);
  expect(await sql(work, 'select ticker, related, rank from related_tickers order by 1, 3')).toBe(
    'ticker,related,rank\nA,X,1\nA,Y,2\n',
  );
  rest.asked.length = 9;
  const second = await fetching(work, rest, 'related_tickers');
  expect(second.code).toBe(0);
  expect(rest.asked.slice(9).map((one) => one.path)).toEqual([related('C/D')]);
  expect(JSON.parse(work.read('fetch_progress.json'))).toMatchObject({
    completed: ['A', 'B', 'C/D'],
    failed: {},
    total_tickers: 3,
  });
  rest.answer = undefined;
  rest.lists.set(tickerEvents.path.replace('{ticker}', 'A'), []);
});

describe('refusals', () => {
  it('without a key it says where to get one and leaves with 4, without asking', async () => {
    const [rest, work] = [await miniRest(), await Workdir.make()];
    const ended = await fetching(work, rest, 'dividends', {});
    expect([ended.code, ended.stderr]).toMatchObject([
      4,
      expect.stringContaining('https://massive.com/dashboard/keys'),
    ]);
    expect(rest.asked).toEqual([]);
  });

  it('a key in the credentials file is taken, and refused where others may read the file', async () => {
    const [rest, work] = [await miniRest(), await Workdir.make()];
    rest.lists.set(splits.path, []);
    const folder = path.join(work.root, 'home', '.config', 'barloom');
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, 'credentials');
    await writeFile(file, `[massive]\napi_key = ${REST_KEY}\n`, { mode: 0o600 });
    expect((await fetching(work, rest, 'splits', {})).code).toBe(0);
    await writeFile(path.join(folder, 'credentials'), '');
    const { chmod } = await import('node:fs/promises');
    await writeFile(file, `[massive]\napi_key = ${REST_KEY}\n`);
    await chmod(file, 0o644);
    const refused = await fetching(work, rest, 'splits', {});
    expect([refused.code, refused.stderr]).toMatchObject([4, expect.stringContaining('chmod 600')]);
  });

  it('a wrong key ends everything at once with 4; it is in no output and no file', async () => {
    const [rest, work] = [await miniRest(), await Workdir.make()];
    rest.answer = () => ({ status: 401, body: JSON.stringify({ error: `Unknown API Key ${REST_KEY}` }) });
    const ended = await fetching(work, rest, 'all');
    expect([ended.code, ended.stderr]).toMatchObject([4, expect.stringContaining('Unknown API Key')]);
    expect(`${ended.stdout}${ended.stderr}${JSON.stringify(work.everything())}`).not.toContain(REST_KEY);
  });

  it('a type that the plan lacks is told once, and the others go on: 3; all denied: 4', async () => {
    const [rest, work] = [await miniRest(), await Workdir.make()];
    rest.lists.set(dividends.path, DIVIDENDS);
    rest.answer = ({ path: asked }) =>
      asked === splits.path
        ? {
            status: 403,
            body: JSON.stringify({ status: 'NOT_AUTHORIZED', message: 'You are not entitled to this data.' }),
          }
        : undefined;
    const ended = await fetching(work, rest, 'dividends splits');
    expect([ended.code, ended.stdout]).toMatchObject([
      3,
      expect.stringMatching(/splits +denied by the plan: GET .*You are\s+not entitled/),
    ]);
    expect(rest.asked.filter((one) => one.path === splits.path)).toHaveLength(1);
    expect(await sql(work, 'select count(*) as n from dividends')).toBe('n\n3\n');
    rest.asked.length = 0;
    expect((await fetching(work, rest, 'splits')).code).toBe(4);
    expect(rest.asked).toEqual([]);
    rest.answer = undefined;
    rest.lists.set(splits.path, []);
    work.now = '2024-06-15T17:00:00Z';
    expect((await fetching(work, rest, 'splits')).code).toBe(0);
  });

  it('a changed shape fails that window alone, by type and field, and nothing of it is stored', async () => {
    const [rest, work] = [await miniRest(), await Workdir.make()];
    rest.lists.set(dividends.path, [...DIVIDENDS, { ...DIVIDENDS[0], id: 'x', frequency: 'often' }]);
    const ended = await fetching(work, rest, 'dividends');
    expect([ended.code, ended.stdout]).toMatchObject([
      3,
      expect.stringMatching(/failed: 2022: dividends: frequency is "often"/),
    ]);
    expect(await sql(work, 'select id from dividends order by 1')).toBe('id\na2\nb1\n');
    const status = await work.verb('fetch status --json');
    const rows = JSON.parse(status.stdout).types as readonly { readonly type: string }[];
    expect(rows.find(({ type }) => type === 'dividends')).toMatchObject({
      rows: 2,
      holes: ['2022'],
      failed: [{ name: '2022' }],
    });
  });

  it('a folder is not filled from two sources', async () => {
    const [rest, other, work] = [await miniRest(), await miniRest(), await Workdir.make()];
    for (const one of [rest, other]) one.lists.set(splits.path, []);
    expect((await fetching(work, rest, 'splits')).code).toBe(0);
    const refused = await fetching(work, other, 'splits');
    expect([refused.code, refused.stderr]).toMatchObject([2, expect.stringContaining('was filled from')]);
    expect(other.asked).toEqual([]);
  });
});

it('--dry-run says what would be asked, asks nothing and makes nothing', async () => {
  const [rest, work] = [await miniRest(), await Workdir.make()];
  const ended = await fetching(work, rest, 'dividends splits --dry-run --rate-limit 5/min', {});
  expect([ended.code, ended.stdout]).toMatchObject([
    0,
    expect.stringMatching(/^dividends +23 windows: about \d+ requests\n[\s\S]*\d+ min at this rate\n$/),
  ]);
  expect(rest.asked).toEqual([]);
  expect(work.has('tables')).toBe(false);
});

it('export writes the tree that the older downloader had', async () => {
  const [rest, work] = [await miniRest(), await Workdir.make()];
  rest.lists.set(dividends.path, DIVIDENDS);
  await fetching(work, rest, 'dividends');
  const out = path.join(work.root, 'out');
  const ended = await work.run(['fetch', 'export', 'dividends', out, '--data-dir', work.data, '--json']);
  expect(JSON.parse(ended.stdout)).toMatchObject({
    exit_code: 0,
    types: [{ type: 'dividends', rows: 3, files: 3 }],
  });
  const { readdirSync } = await import('node:fs');
  const files = readdirSync(out, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.parquet'));
  expect(files.sort()).toEqual([
    'dividends/year=2022/month=08/ticker=AAPL.parquet',
    'dividends/year=2023/month=02/ticker=BRK.B.parquet',
    'dividends/year=2024/month=05/ticker=AAPL.parquet',
  ]);
});
