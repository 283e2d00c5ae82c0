/** What the plan denies is had from the vendor's older endpoints, once for all it holds, and gives way to the newer. */
import { expect, it } from 'vitest';
import { dividends, splits } from '#market/tables/actions.js';
import { dividendsV3, splitsV3 } from '#market/tables/older-actions.js';
import { balanceSheetsVX } from '#market/tables/older-statements.js';
import { balanceSheets, cashFlow, incomeStatements } from '#market/tables/statements.js';
import { type MiniRest, miniRest, REST_KEY, type Record_ } from '../../support/mini-rest.js';
import { type Ended, Workdir } from '../../support/workdir.js';

const STATEMENTS = [balanceSheets, incomeStatements, cashFlow];
const NEWER: readonly string[] = [...STATEMENTS, dividends, splits].map(({ path }) => path);

const usd = (value: number): Record_ => ({ value, unit: 'USD', label: 'x', order: 100 });
/** `quarter` of 2023, filed in the month after it; a year's has none. */
const filing = (timeframe: string, period: string, filed: string | undefined): Record_ => ({
  tickers: ['AAPL'],
  cik: '0000320193',
  company_name: 'Apple Inc.',
  end_date: '2023-07-01',
  ...(filed !== undefined && { filing_date: filed }),
  timeframe,
  fiscal_period: period,
  fiscal_year: '2023',
  financials: {
    balance_sheet: {
      assets: usd(335038000000),
      liabilities: usd(274764000000),
      equity: usd(60274000000),
      wages: usd(7),
    },
    income_statement: {
      revenues: usd(81797000000),
      net_income_loss: usd(19881000000),
      diluted_earnings_per_share: { ...usd(1.26), unit: 'USD / shares' },
    },
    comprehensive_income: { comprehensive_income_loss: usd(1) },
  },
});

function fill({ lists }: MiniRest): void {
  lists.set(balanceSheetsVX.path, [
    filing('quarterly', 'Q3', '2023-08-04'),
    filing('annual', 'FY', '2023-11-03'),
    filing('ttm', 'TTM', undefined),
  ]);
  const dividend = {
    id: 'E1',
    ticker: 'AAPL',
    ex_dividend_date: '2023-08-11',
    currency: 'USD',
    frequency: 4,
  };
  lists.set(dividendsV3.path, [
    { ...dividend, cash_amount: 0.24, dividend_type: 'CD' },
    { ...dividend, id: 'E2', ticker: 'FUND', cash_amount: 3, dividend_type: 'LT' },
  ]);
  lists.set(splitsV3.path, [
    { id: 's1', ticker: 'AAPL', execution_date: '2020-08-31', split_from: 1, split_to: 4 },
  ]);
  for (const { path } of STATEMENTS) lists.set(path, []);
  lists.set(dividends.path, [
    { ...dividend, cash_amount: 0.24, distribution_type: 'recurring', historical_adjustment_factor: 0.99 },
  ]);
  lists.set(splits.path, [
    {
      id: 's1',
      ticker: 'AAPL',
      execution_date: '2020-08-31',
      split_from: 1,
      split_to: 4,
      adjustment_type: 'forward_split',
    },
  ]);
}

const DENIED = {
  status: 403,
  body: JSON.stringify({ status: 'NOT_AUTHORIZED', message: 'You are not entitled to this data.' }),
};

function fetching(work: Workdir, rest: MiniRest, args: string): Promise<Ended> {
  return work.verb(`fetch ${args} --rest-endpoint ${rest.endpoint}`, { env: { MASSIVE_API_KEY: REST_KEY } });
}

async function sql(work: Workdir, text: string): Promise<string> {
  const ended = await work.run(['sql', text, '--data-dir', work.data]);
  expect(ended.stderr).toBe('');
  return ended.stdout;
}

const asked = (rest: MiniRest, path: string): number => rest.asked.filter((one) => one.path === path).length;

it('statements come from one older list for all three tables, told once, with the source in each row', async () => {
  const [rest, work] = [await miniRest(), await Workdir.make()];
  fill(rest);
  rest.answer = ({ path }) => (NEWER.includes(path) ? DENIED : undefined);
  const types = 'balance_sheets income_statements cash_flow --start 2023-01-01 --end 2023-12-31';
  const ended = await fetching(work, rest, types);
  expect(ended.code, ended.stderr).toBe(0);
  expect(ended.stderr.match(/older \/vX\/reference\/financials/g)).toHaveLength(1);
  expect([asked(rest, balanceSheetsVX.path), ...STATEMENTS.map(({ path }) => asked(rest, path))]).toEqual([
    1, 1, 1, 1,
  ]);
  expect(
    await sql(
      work,
      `select timeframe, fiscal_year, fiscal_quarter, total_assets::bigint as assets, endpoint, extra->>'wages' as wages from balance_sheets order by 1`,
    ),
  ).toBe(
    'timeframe,fiscal_year,fiscal_quarter,assets,endpoint,wages\nannual,2023,,335038000000,vX,7\nquarterly,2023,3,335038000000,vX,7\n',
  );
  expect(
    await sql(
      work,
      'select revenue::bigint as r, diluted_earnings_per_share as e from income_statements limit 1',
    ),
  ).toBe('r,e\n81797000000,1.26\n');
  // A statement that the record lacks is no row; the plan is believed for some hours.
  expect(await sql(work, 'select count(*) as n from cash_flow')).toBe('n\n0\n');
  rest.asked.length = 0;
  await fetching(work, rest, 'balance_sheets income_statements --start 2024-01-01');
  expect(rest.asked.map(({ path }) => path)).toEqual([balanceSheetsVX.path]);
});

it('a plan with the newer endpoint makes its records the newer versions; a lesser plan later changes none of them', async () => {
  const [rest, work] = [await miniRest(), await Workdir.make()];
  fill(rest);
  rest.answer = ({ path }) => (NEWER.includes(path) ? DENIED : undefined);
  const first = await fetching(work, rest, 'dividends splits --json');
  expect([first.code, JSON.parse(first.stdout)]).toMatchObject([
    0,
    {
      types: [
        { type: 'dividends', rows: 2, denied: null, endpoint: 'v3' },
        { type: 'splits', rows: 1 },
      ],
    },
  ]);
  const kinds =
    'select id, distribution_type as kind, endpoint, historical_adjustment_factor as f from dividends_versions order by id, version';
  expect(await sql(work, kinds)).toBe('id,kind,endpoint,f\nE1,recurring,v3,\nE2,unknown,v3,\n');
  const status = await work.verb('fetch status --json');
  expect(
    JSON.parse(status.stdout).types.find((one: { type: string }) => one.type === 'dividends'),
  ).toMatchObject({
    denied: null,
    endpoint: 'v3',
    holes: [],
  });
  expect((await work.verb('verify --deep')).code).toBe(0);

  rest.answer = undefined;
  work.now = '2024-06-16T17:00:00Z';
  const better = await fetching(work, rest, 'dividends splits --json');
  expect(JSON.parse(better.stdout)).toMatchObject({
    types: [
      { endpoint: null, added: 0, changed: 0, gone: 1 },
      { endpoint: null, changed: 0 },
    ],
  });
  const newer = 'id,kind,endpoint,f\nE1,recurring,,0.99\nE2,unknown,v3,\n';
  expect(await sql(work, kinds)).toBe(newer);

  rest.answer = ({ path }) => (NEWER.includes(path) ? DENIED : undefined);
  work.now = '2024-06-17T17:00:00Z';
  expect((await fetching(work, rest, 'dividends splits --full')).code).toBe(0);
  expect(await sql(work, "select id, version, endpoint from dividends_versions where id = 'E1'")).toBe(
    'id,version,endpoint\nE1,1,\n',
  );
  expect((await work.verb('verify --deep')).code).toBe(0);
});

it("where the older endpoint is denied too, that is the plan's word", async () => {
  const [rest, work] = [await miniRest(), await Workdir.make()];
  rest.answer = () => DENIED;
  const ended = await fetching(work, rest, 'splits');
  expect([ended.code, ended.stdout]).toMatchObject([4, expect.stringMatching(/splits +denied by the plan/)]);
  expect(rest.asked).toHaveLength(2);
  rest.asked.length = 0;
  expect((await fetching(work, rest, 'splits')).code).toBe(4);
  expect(rest.asked).toEqual([]);
});
