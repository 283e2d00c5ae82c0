/**
 * Ratios beside prices, point in time: with each stock's day the trailing ratios that were known before it. A
 * filing of the day itself may have come after the close, and counts from the next day on.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { stocksDaily } from '#market/datasets/stocks.js';
import { ratioColumns } from '#market/ratios/ratio-rows.js';
import { tickerEvents } from '#market/tables/actions.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { identifier } from '#store/lake/duckdb.js';
import { currentView } from '#store/tables/views.js';
import { knownRatios } from './views.js';

export const RATIOS_BESIDE_PRICES = `${stocksDaily.name}_ratios`;

/** Columns that say which row it is. `ticker` is the price's. */
const HEAD = new Set(['ticker', 'basis']);

/**
 * A SELECT over the view of stock days: its columns, then `period_end`, `filing_date`, `known_on` and the
 * ratios, null where nothing was known. A statement's tickers are those of today: before its company had the
 * ticker, as far as the changes of tickers tell, the ticker was another's.
 */
export function ratiosBesidePrices(layout: Pick<FolderLayout, 'dataDir'>, asOf: IsoDay | undefined): string {
  const columns = ratioColumns.flatMap(([name]) => (HEAD.has(name) ? [] : [`r.${identifier(name)}`]));
  return (
    `SELECT d.*, r.known_on, ${columns.join(', ')} FROM ` +
    `(SELECT p.*, o.since AS _since FROM ${identifier(stocksDaily.name)} p LEFT JOIN (${tickersSince(layout, asOf)}) o USING (ticker)) d ` +
    `ASOF LEFT JOIN (${newestKnown(layout, asOf)}) r ON d.ticker = r.ticker AND d.date > r.known_on AND (d._since IS NULL OR d.date >= d._since)`
  );
}

/** Of each ticker and day on which something came to be known, the trailing ratios of the newest period. */
export function newestKnown(layout: Pick<FolderLayout, 'dataDir'>, asOf: IsoDay | undefined): string {
  // A late amendment of an older period does not take the place of a newer one.
  return (
    `SELECT * FROM (SELECT *, max(period_end) OVER (PARTITION BY ticker ORDER BY known_on) AS _newest FROM (${knownRatios(layout, asOf)}) WHERE basis = 'ttm') ` +
    'WHERE period_end = _newest QUALIFY row_number() OVER (PARTITION BY ticker, known_on ORDER BY filing_date DESC, cik) = 1'
  );
}

/** Since when a ticker is its present company's, of those that changed. */
export function tickersSince(layout: Pick<FolderLayout, 'dataDir'>, asOf: IsoDay | undefined): string {
  return (
    `SELECT ticker, max("date") AS since FROM (${currentView(tickerEvents, layout, asOf)}) ` +
    "WHERE type = 'ticker_change' AND asked = ticker GROUP BY ticker"
  );
}
