/** `barloom ratios` and what sql shows of it, over tables that were put there by hand. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ratios } from '#market/ratios/ratios.js';
import { type Record_, writeTables } from '../../support/tables.js';
import { barLine, type Ended, HEADER, type Workdir } from '../../support/workdir.js';
import { folderOf } from '../show/folder.js';

const head = { cik: '0000000042', tickers: ['ACME'], timeframe: 'annual', fiscal_quarter: 4 };
const year = (n: number, filed: string): Record_ => ({
  ...head,
  fiscal_year: n,
  period_end: `${n}-12-31`,
  filing_date: filed,
});

const INCOME = (cost: number, n: number, filed: string): Record_ => ({
  ...year(n, filed), revenue: 1000 + n, cost_of_revenue: cost, consolidated_net_income_loss: 100, basic_shares_outstanding: 10, diluted_shares_outstanding: 10,
}); // biome-ignore format: figures
const BALANCE = (n: number, filed: string): Record_ => ({
  ...year(n, filed),
  total_assets: 500,
  total_equity: 200,
  total_current_assets: 90,
  total_current_liabilities: 60,
});
const CASH = (n: number, filed: string): Record_ => ({
  ...year(n, filed),
  net_cash_from_operating_activities: 80,
  dividends: -20,
});

const TABLES = {
  income_statements: [
    INCOME(600, 2022, '2023-02-10'),
    INCOME(600, 2023, '2024-02-12'),
    INCOME(700, 2023, '2024-05-15'),
  ],
  balance_sheets: [BALANCE(2022, '2023-02-10'), BALANCE(2023, '2024-02-12')],
  cash_flow: [CASH(2022, '2023-02-10'), CASH(2023, '2024-02-12')],
};

const DAYS = {
  '2024-02-09': barLine('ACME', 30),
  '2024-02-12': barLine('ACME', 33),
  '2024-02-13': barLine('ACME', 99),
};

const run = (work: Workdir, ...args: string[]): Promise<Ended> =>
  work.run([...args, '--data-dir', work.data]);
async function sql(
  work: Workdir,
  query: string,
  ...more: string[]
): Promise<readonly Record<string, unknown>[]> {
  const { stdout, stderr, code } = await run(work, 'sql', query, '--json', ...more);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout).rows;
}

async function folder(): Promise<Workdir> {
  const work = await folderOf({}, DAYS);
  await writeTables(work.data, TABLES);
  return work;
}

describe('ratios', () => {
  it('into the lake: a row a filing, point in time, with the price of its day; again is free; as of a day', async () => {
    const work = await folder();
    const built = await run(work, 'ratios');
    expect([built.code, built.stdout]).toEqual([
      0,
      'financial_ratios\n  ratios       3 months made, 3 rows; 0 unchanged\n',
    ]);
    const query =
      'SELECT ticker, filing_date::VARCHAR AS filed, basis, gross_margin, return_on_assets, current_ratio, market_cap FROM financial_ratios ORDER BY filed';
    const rows = await sql(work, query);
    expect(rows).toMatchObject([
      {
        ticker: 'ACME',
        filed: '2023-02-10',
        basis: 'annual',
        return_on_assets: null,
        current_ratio: 1.5,
        market_cap: null,
      },
      { filed: '2024-02-12', return_on_assets: 0.2, market_cap: 335 },
      { filed: '2024-05-15', market_cap: null },
    ]);
    expect(rows[2]?.['gross_margin']).toBeCloseTo((3023 - 700) / 3023, 12);
    expect(await sql(work, query, '--as-of', '2024-03-01')).toEqual(rows.slice(0, 2));
    const columns = await sql(work, 'SELECT * FROM financial_ratios LIMIT 1');
    expect(Object.keys(columns[0] ?? {})).toEqual([
      'ticker', 'cik', 'basis', 'period_end', 'filing_date', ...ratios.map(({ name }) => name),
    ]); // biome-ignore format: columns

    const times = work.times();
    const again = await run(work, 'ratios', '--json');
    expect(JSON.parse(again.stdout).tables).toEqual([
      { table: 'financial_ratios', files: 0, unchanged: 3, rows: 0, with_prices: true },
    ]);
    const { silver } = JSON.parse((await run(work, 'lake', 'status', '--json')).stdout);
    expect(silver).toEqual([expect.objectContaining({ table: 'financial_ratios', files: 3 })]);
    expect((await run(work, 'lake', 'status')).stdout).toMatch(
      /^financial_ratios, silver\n {2}size +[\d.,]+ \w+ in 3 files, \d{4}-\d\d to \d{4}-\d\d$/m,
    );
    expect(work.times()).toEqual(times);
  });

  it('stand beside prices as they were known before each day, not on it, and not before the company had the ticker', async () => {
    const work = await folder();
    // Trailing ratios of a company whose four quarters are the year.
    const ttm = (rows: readonly Record_[]): readonly Record_[] =>
      rows.flatMap((row) => [row, { ...row, timeframe: 'trailing_twelve_months' }]);
    await writeTables(work.data, {
      income_statements: ttm(TABLES.income_statements),
      cash_flow: ttm(TABLES.cash_flow),
    });
    await run(work, 'ratios');
    const query =
      'SELECT date::VARCHAR AS day, close, period_end::VARCHAR AS ended, gross_margin FROM stocks_daily_ratios ORDER BY day';
    const margin = (year: number): number => (1000 + year - 600) / (1000 + year);
    expect(await sql(work, query)).toEqual([
      { day: '2024-02-09', close: 30.5, ended: '2022-12-31', gross_margin: expect.closeTo(margin(2022), 12) },
      { day: '2024-02-12', close: 33.5, ended: '2022-12-31', gross_margin: expect.closeTo(margin(2022), 12) },
      { day: '2024-02-13', close: 99.5, ended: '2023-12-31', gross_margin: expect.closeTo(margin(2023), 12) },
    ]);
    await writeTables(work.data, {
      ticker_events: [
        {
          asked: 'ACME',
          name: 'Acme',
          cik: '0000000042',
          date: '2024-02-12',
          type: 'ticker_change',
          ticker: 'ACME',
        },
      ],
    });
    expect((await sql(work, query)).map(({ ended }) => ended)).toEqual([null, '2022-12-31', '2023-12-31']);
  });

  it('are fields of Qlib, as known before each day; kept up by later exports, mended by verify, removed by none', async () => {
    const work = await folder();
    const ttm = TABLES.income_statements.map((row) => ({ ...row, timeframe: 'trailing_twelve_months' }));
    await writeTables(work.data, { income_statements: [...TABLES.income_statements, ...ttm] });
    await run(work, 'lake', 'build');
    const early = await run(work, 'qlib', 'export', '--ratios', 'gross_margin');
    expect([early.code, early.stderr]).toEqual([2, expect.stringContaining('run barloom ratios first')]);
    await run(work, 'ratios');
    const wrong = await run(work, 'qlib', 'export', '--ratios', 'gross_margin,no_such');
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('no_such')]);
    const ended = await run(work, 'qlib', 'export', '--ratios', 'gross_margin,current_ratio');
    expect([ended.code, ended.stdout]).toEqual([
      0,
      expect.stringMatching(/ratios +2 fields, 2 files written/),
    ]);
    const file = work.at('lake', 'gold', 'qlib', 'features', 'acme', 'gross_margin.day.bin');
    const whole = readFileSync(file);
    const margin = (year: number): number => Math.fround((1000 + year - 600) / (1000 + year));
    expect([0, 4, 8, 12].map((at) => whole.readFloatLE(at))).toEqual([
      0,
      margin(2022),
      margin(2022),
      margin(2023),
    ]);

    const again = await run(work, 'qlib', 'export', '--json');
    expect(JSON.parse(again.stdout).datasets).toMatchObject([
      { plan: 'nothing', ratios: ['gross_margin', 'current_ratio'], ratio_files: 0 },
    ]);
    await work.write('massive_cache/2024-02-14.csv.gz', gzipSync(`${HEADER}${barLine('ACME', 50)}`));
    await run(work, 'lake', 'build');
    await run(work, 'qlib', 'export');
    expect(readFileSync(file).length).toBe(whole.length + 4);

    writeFileSync(file, whole);
    const found = await run(work, 'lake', 'verify', '--repair');
    expect([found.code, found.stdout]).toEqual([0, expect.stringContaining('gross_margin.day.bin')]);
    expect(readFileSync(file).length).toBe(whole.length + 4);
    await run(work, 'qlib', 'export', '--ratios', 'current_ratio');
    expect(existsSync(file)).toBe(false);
    await run(work, 'qlib', 'export', '--ratios', 'none');
    expect(existsSync(file.replace('gross_margin', 'current_ratio'))).toBe(false);
    expect(existsSync(file.replace('gross_margin', 'close'))).toBe(true);
  });

  it('a filing of today makes its own month, and none before', async () => {
    const work = await folder();
    await run(work, 'ratios');
    await writeTables(work.data, { income_statements: [INCOME(500, 2024, '2025-02-14')] });
    const dry = await run(work, 'ratios', '--dry-run', '--json');
    expect(JSON.parse(dry.stdout)).toMatchObject({ dry_run: true, tables: [{ files: 1, unchanged: 3 }] });
    await run(work, 'ratios');
    expect(await sql(work, 'SELECT count(*) AS n FROM financial_ratios')).toEqual([{ n: 4 }]);
    // An earlier input that is another one reaches everything behind it.
    await writeTables(work.data, { balance_sheets: [{ ...BALANCE(2023, '2024-02-12'), total_assets: 700 }] });
    const { tables } = JSON.parse((await run(work, 'ratios', '--json')).stdout);
    expect(tables).toMatchObject([{ files: 3, unchanged: 1 }]);
    await rm(work.at('tables', 'income_statements'), { recursive: true });
    await run(work, 'ratios');
    expect(await sql(work, 'SELECT count(*) AS n FROM financial_ratios')).toEqual([{ n: 2 }]);
  });

  it('of named tickers, printed: the newest of each basis, or as it was known; nothing is written', async () => {
    const work = await folder();
    const before = work.times();
    const text = await run(work, 'ratios', 'ACME');
    expect([text.code, text.stderr]).toEqual([0, '']);
    expect(text.stdout).toContain('ACME  CIK 0000000042');
    expect(text.stdout).toMatch(/gross_margin +76\.84 %/);
    const then = JSON.parse((await run(work, 'ratios', 'ACME', '--as-of', '2024-03-01', '--json')).stdout);
    expect(then.ratios).toMatchObject([
      { ticker: 'ACME', basis: 'annual', filing_date: '2024-02-12', market_cap: 335 },
    ]);
    expect(then.ratios[0].gross_margin).toBe(Number(((3023 - 600) / 3023).toPrecision(12)));
    expect(work.times()).toEqual(before);
  });

  it('what is asked for wrongly, or not there, says so', async () => {
    const work = await folder();
    expect((await run(work, 'ratios', 'acme')).code).toBe(3);
    expect((await run(work, 'ratios', 'ACME', '--basis', 'monthly')).stderr).toContain(
      '--basis monthly is not known',
    );
    expect((await run(work, 'ratios', '--basis', 'ttm')).code).toBe(2);
    const empty = await folderOf({});
    const { code, stderr } = await run(empty, 'ratios');
    expect(code).toBe(2);
    expect(stderr).toContain('run barloom fetch fundamentals first');
  });

  it('the 20 of the older program are a view, in percent where it had percent', async () => {
    const work = await folder();
    const rows = await sql(work, 'SELECT * FROM older_ratios WHERE fiscal_year = 2023');
    expect(Object.keys(rows[0] ?? {})).toHaveLength(7 + 20);
    expect(rows).toMatchObject([
      {
        ticker: 'ACME',
        return_on_assets: 20,
        return_on_equity: 50,
        current_ratio: 1.5,
        debt_to_equity: 0,
        working_capital: 30,
      },
    ]);
  });
});
