/** What is odd in the vendor's records: told, and no damage. Each is a condition of SQL over current rows. */
import type { TableType } from '#market/tables/table-type.js';
import type { FolderLayout } from '#store/folder/layout.js';
import type { Duck } from '#store/lake/duckdb.js';
import { currentView } from '#store/tables/views.js';

export interface Oddity {
  readonly what: string;
  readonly records: number;
  /** The first of them, as `cik period`, or ticker and day. */
  readonly examples: readonly string[];
}

interface Check {
  readonly what: string;
  /** Gives a column `name` for each record that is odd. */
  readonly sql: (rows: string) => string;
}

/** Sums may be rounded: a thousandth, and a thousand. */
const differs = (a: string, b: string): string => `abs(${a} - (${b})) > greatest(1000, abs(${a}) / 1000)`;
const statement = (what: string, a: string, b: string): Check => ({
  what,
  sql: (rows) =>
    `SELECT coalesce(tickers[1], cik, '?') || ' ' || timeframe || ' ' || coalesce(period_end::VARCHAR, '?') AS name FROM (${rows}) WHERE ${differs(a, b)}`,
});

const CHECKS: Readonly<Record<string, readonly Check[]>> = {
  balance_sheets: [
    statement('assets are not liabilities and equity', 'total_assets', 'total_liabilities + total_equity'),
    statement(
      'assets are not the total of liabilities and equity',
      'total_assets',
      'total_liabilities_and_equity',
    ),
  ],
  income_statements: [
    statement('gross profit is not revenue without its cost', 'gross_profit', 'revenue - cost_of_revenue'),
  ],
  cash_flow: [
    statement(
      'the change in cash is not that of its three parts',
      'change_in_cash_and_equivalents',
      'net_cash_from_operating_activities + net_cash_from_investing_activities + net_cash_from_financing_activities + coalesce(effect_of_currency_exchange_rate, 0) + coalesce(other_cash_adjustments, 0)',
    ),
  ],
  dividends: [
    {
      what: 'the same dividend under several ids',
      sql: (rows) =>
        `SELECT ticker || ' ' || ex_dividend_date::VARCHAR AS name FROM (${rows}) GROUP BY ticker, ex_dividend_date, cash_amount, currency, distribution_type HAVING count(*) > 1`,
    },
    {
      what: 'a dividend of nothing, or less',
      sql: (rows) =>
        `SELECT ticker || ' ' || coalesce(ex_dividend_date::VARCHAR, '?') AS name FROM (${rows}) WHERE cash_amount <= 0`,
    },
  ],
  splits: [
    {
      what: 'a split without a ratio',
      sql: (rows) =>
        `SELECT ticker || ' ' || coalesce(execution_date::VARCHAR, '?') AS name FROM (${rows}) WHERE split_from IS NULL OR split_to IS NULL OR split_from <= 0 OR split_to <= 0`,
    },
  ],
};

const EXAMPLES = 3;

export async function oddities(
  type: TableType,
  layout: Pick<FolderLayout, 'dataDir'>,
  duck: Duck,
): Promise<readonly Oddity[]> {
  const found: Oddity[] = [];
  for (const { what, sql } of CHECKS[type.name] ?? []) {
    const odd = sql(currentView(type, layout));
    const [row] = await duck.rows(
      `SELECT count(*) AS n, list(name ORDER BY name)[1:${EXAMPLES}] AS examples FROM (${odd})`,
    );
    const records = Number(row?.['n']);
    const examples = row?.['examples'];
    if (records > 0)
      found.push({ what, records, examples: Array.isArray(examples) ? examples.map(String) : [] });
  }
  return found;
}
