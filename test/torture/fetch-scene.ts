/** A fetch that tests try to spoil: its API, its command, and what the tables must hold when it is over. */
import { expect } from 'vitest';
import { dividends, splits } from '#market/tables/actions.js';
import { relatedTickers, tickers } from '#market/tables/reference.js';
import { balanceSheets } from '#market/tables/statements.js';
import type { TableType } from '#market/tables/table-type.js';
import { type MiniRest, REST_KEY, type Record_ } from '../support/mini-rest.js';
import type { Ended, RunOptions, Workdir } from '../support/workdir.js';

const NAMES = Array.from({ length: 12 }, (_, i) => `T${String.fromCharCode(65 + i)}`);
const day = (year: number, n: number): string =>
  `${year}-${String(1 + (n % 12)).padStart(2, '0')}-${String(1 + ((n * 7) % 28)).padStart(2, '0')}`;

/** `edition`: of the vendor's data; a later one corrects, adds, and lacks what was there. */
export function fillRest({ lists }: MiniRest, edition: 1 | 2): void {
  const years = [2020, 2021, 2022, 2023, 2024];
  const each = (make: (name: string, year: number, n: number) => Record_): readonly Record_[] =>
    years.flatMap((year) => NAMES.map((name, n) => make(name, year, n)));
  const changed = <T extends Record_>(rows: readonly T[], correct: (row: T) => T): readonly T[] =>
    edition === 1
      ? rows.slice(0, -3)
      : rows.flatMap((row, i) => (i % 11 === 3 ? [] : i % 7 === 2 ? [correct(row)] : [row]));
  lists.set(
    dividends.path,
    changed(
      each((ticker, year, n) => ({
        id: `${ticker}${year}`,
        ticker,
        ex_dividend_date: day(year, n),
        cash_amount: 0.1 * (n + 1),
        currency: 'USD',
      })),
      (row) => ({ ...row, cash_amount: 9 }),
    ),
  );
  lists.set(
    splits.path,
    changed(
      each((ticker, year, n) => ({
        id: `s${ticker}${year}`,
        ticker,
        execution_date: day(year, n + 3),
        split_from: 1,
        split_to: 2 + n,
      })),
      (row) => ({ ...row, execution_date: '2023-03-03' }),
    ),
  );
  lists.set(
    balanceSheets.path,
    changed(
      each((ticker, year, n) => ({
        cik: ticker,
        tickers: [ticker],
        timeframe: 'annual',
        fiscal_year: year,
        period_end: `${year - 1}-12-31`,
        filing_date: day(year, n),
        total_assets: 1000 * n,
      })),
      (row) => ({ ...row, total_assets: 7 }),
    ),
  );
  lists.set(
    tickers.path,
    NAMES.map((ticker) => ({ ticker, name: ticker, market: 'stocks', active: true, type: 'CS' })),
  );
  for (const name of NAMES)
    lists.set(relatedTickers.path.replace('{ticker}', name), [{ ticker: 'X' }, { ticker: 'Y' }]);
}

/** Of the whole: five years of each. */
const ALL = [tickers, dividends, splits, balanceSheets, relatedTickers];
export const FEW: readonly TableType[] = [tickers, splits];

export function fetchScene(
  work: Workdir,
  rest: MiniRest,
  more: string,
  { types = ALL, env = {}, ...options }: RunOptions & { readonly types?: readonly TableType[] } = {},
): Promise<Ended> {
  const names = types.map(({ name }) => name).join(' ');
  const args = `${names} ${more} --backfill-years 4 --workers 4 --batch-size 5 --quiet --rest-endpoint ${rest.endpoint}`;
  return work.verb(`fetch ${args}`, { ...options, env: { ...env, MASSIVE_API_KEY: REST_KEY } });
}

/** Every version of every record, without the moments at which they were seen. */
export async function heldBy(work: Workdir, types: readonly TableType[] = ALL): Promise<string> {
  const asked = types.map(({ name, fields }) => {
    const columns = [
      ...fields.map((field) => `"${field.name}"`),
      'version',
      'gone_on IS NOT NULL AS gone',
      'content_hash',
    ];
    return `SELECT '${name}' AS of, to_json(struct_pack(${columns.map((column, i) => `c${i} := ${column.replace(/ AS gone$/, '')}`).join(', ')}))::VARCHAR AS held FROM ${name}_versions`;
  });
  const ended = await work.run(['sql', `${asked.join(' UNION ALL ')} ORDER BY ALL`, '--data-dir', work.data]);
  expect(ended.code, ended.stderr).toBe(0);
  return ended.stdout;
}
