/** Splits and dividends by ticker, as the tables have them, exact. */
import type { Actions, Dividend, Split } from '#market/adjust/actions.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { dividends, splits } from '#market/tables/actions.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { type Duck, listOf } from '#store/lake/duckdb.js';
import { heldTables } from '#store/tables/layout.js';
import { currentView } from '#store/tables/views.js';

/** Whether there is anything to adjust with. */
export function hasActions(layout: Pick<FolderLayout, 'dataDir'>): boolean {
  const held = heldTables(layout);
  return held.includes(splits.name) || held.includes(dividends.name);
}

/** Of these tickers, or of all; as it was known on `asOf`. */
export async function readActions(
  layout: Pick<FolderLayout, 'dataDir'>,
  tickers: readonly string[] | undefined,
  duck: Duck,
  asOf?: IsoDay,
): Promise<ReadonlyMap<string, Actions>> {
  const wanted =
    tickers === undefined ? 'ticker IS NOT NULL' : `ticker IN (SELECT unnest(${listOf(tickers)}))`;
  const found = new Map<string, { splits: Split[]; dividends: Dividend[] }>();
  const of = (ticker: unknown): { splits: Split[]; dividends: Dividend[] } => {
    const name = String(ticker);
    const actions = found.get(name) ?? { splits: [], dividends: [] };
    found.set(name, actions);
    return actions;
  };
  const splitRows = await duck.rows(
    `SELECT ticker, execution_date::VARCHAR AS day, split_from::VARCHAR AS old, split_to::VARCHAR AS fresh, historical_adjustment_factor::VARCHAR AS factor ` +
      `FROM (${currentView(splits, layout, asOf)}) WHERE ${wanted} AND execution_date IS NOT NULL ORDER BY ticker, day, id`,
  );
  for (const row of splitRows)
    of(row['ticker']).splits.push({
      day: String(row['day']),
      from: text(row['old']) ?? '',
      to: text(row['fresh']) ?? '',
      vendorFactor: text(row['factor']),
    });
  const dividendRows = await duck.rows(
    `SELECT ticker, ex_dividend_date::VARCHAR AS day, cash_amount::VARCHAR AS cash, currency, split_adjusted_cash_amount::VARCHAR AS adjusted, historical_adjustment_factor::VARCHAR AS factor ` +
      `FROM (${currentView(dividends, layout, asOf)}) WHERE ${wanted} AND ex_dividend_date IS NOT NULL ORDER BY ticker, day, id`,
  );
  for (const row of dividendRows)
    of(row['ticker']).dividends.push({
      day: String(row['day']),
      cash: text(row['cash']) ?? '',
      currency: text(row['currency']),
      splitAdjustedCash: text(row['adjusted']),
      vendorFactor: text(row['factor']),
    });
  return found;
}

function text(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}
