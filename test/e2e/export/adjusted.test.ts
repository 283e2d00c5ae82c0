/** Adjusted prices from the real command, over series and tables that were put there by hand. */
import { describe, expect, it } from 'vitest';
import { writeTables } from '../../support/tables.js';
import { type Ended, SERIES_HEADER, type Workdir } from '../../support/workdir.js';
import { folderOf } from '../show/folder.js';

const HEADER = 'Ticker,Date,Open,High,Low,Close,Volume\n';
const CLOSES = [
  ['2024-06-03', '100'],
  ['2024-06-04', '101'],
  ['2024-06-05', '102'],
  ['2024-06-06', '51.5'],
  ['2024-06-07', '52'],
] as const;
const SERIES = CLOSES.map(([day, close]) => `${day},${close},${close},${close},${close},100\n`).join('');

const ACTIONS = {
  splits: [{ id: 's1', ticker: 'AAPL', execution_date: '2024-06-06', split_from: 1, split_to: 2 }],
  dividends: [
    { id: 'd1', ticker: 'AAPL', ex_dividend_date: '2024-06-04', cash_amount: '0.5', currency: 'USD' },
    { id: 'd2', ticker: 'AAPL', ex_dividend_date: '2024-06-07', cash_amount: '0.25', currency: 'USD' },
  ],
};

function exported(work: Workdir, args: string): Promise<Ended> {
  return work.run(['export', ...args.split(' '), '--data-dir', work.data]);
}

const closesOf = (csv: string): readonly string[] =>
  csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').slice(5).join(','));

async function folder(): Promise<Workdir> {
  const work = await folderOf({ AAPL: SERIES, MSFT: SERIES });
  await writeTables(work.data, ACTIONS);
  return work;
}

describe('export --adjust', () => {
  it('splits: prices by the exact ratio, volumes the other way, other tickers and the series as they were', async () => {
    const work = await folder();
    const before = work.times();
    const { code, stdout, stderr } = await exported(work, 'AAPL MSFT --adjust splits');
    expect([code, stderr]).toEqual([0, '']);
    expect(closesOf(stdout)).toEqual([
      '50,200', '50.5,200', '51,200', '51.5,100', '52,100',
      '100,100', '101,100', '102,100', '51.5,100', '52,100',
    ]); // biome-ignore format: two tickers
    expect(stdout.startsWith(HEADER)).toBe(true);
    expect(work.read('data_cache', 'AAPL_1d_data.csv')).toBe(SERIES_HEADER + SERIES);
    expect(work.times()).toEqual(before);
  });

  it('all: dividends too, whatever range is asked for', async () => {
    const work = await folder();
    const all = await exported(work, 'AAPL --adjust all');
    expect(closesOf(all.stdout)).toEqual([
      '49.508495,200', '50.254854,200', '50.752427,200', '51.25,100', '52,100',
    ]); // biome-ignore format: a column
    const part = await exported(work, 'AAPL --adjust all --start 2024-06-04 --end 2024-06-05');
    expect(closesOf(part.stdout)).toEqual(['50.254854,200', '50.752427,200']);
  });

  it('--as-of: what was known then, and no later row', async () => {
    const work = await folder();
    const { stdout } = await exported(work, 'AAPL --adjust all --as-of 2024-06-05');
    expect(closesOf(stdout)).toEqual(['99.5,100', '101,100', '102,100']);
  });

  it('what cannot be adjusted for is told on stderr, and the exit code stays', async () => {
    const work = await folderOf({ AAPL: SERIES });
    await writeTables(work.data, {
      dividends: [
        { id: 'd', ticker: 'AAPL', ex_dividend_date: '2024-06-05', cash_amount: 1, currency: 'CAD' },
      ],
    });
    const { code, stderr } = await exported(work, 'AAPL --adjust all');
    expect([code, stderr]).toEqual([
      0,
      'AAPL 2024-06-05: the dividend is in CAD; ignored, for there is no rate.\n',
    ]);
  });

  it.each([
    ['AAPL --adjust dividends', /--adjust dividends is not known/],
    ['AAPL --as-of 2024-06-05', /--as-of goes with --adjust/],
    ['AAPL --adjust all --as-of yesterday', /--as-of yesterday is no day/],
    ['AAPL --adjust all', /run barloom fetch actions first/],
  ])('%s is a mistake, told', async (args, message) => {
    const work = await folderOf({ AAPL: SERIES });
    const { code, stderr } = await exported(work, args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('show --adjust', () => {
  it('draws adjusted bars and says so', async () => {
    const work = await folder();
    const run = (args: string[]) =>
      work.run(['show', 'AAPL', '--adjust', 'all', ...args, '--data-dir', work.data]);
    const text = await run([]);
    expect(text.stdout).toContain('adjusted for splits and dividends');
    expect(text.stdout).toContain('50.25');
    const json = JSON.parse((await run(['--json'])).stdout);
    expect(json.datasets[0]).toMatchObject({ adjusted: 'all', as_of: null });
    expect(json.datasets[0].rows[0]).toMatchObject({ date: '2024-06-03', close: '49.508495', volume: '200' });
    expect(json.datasets[0].figures.splits).toEqual([]);
  });
});
