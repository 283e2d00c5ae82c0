/**
 * What was listed on a past day, by the names of that day, those that are gone since included: from the
 * tables alone, so that no archive has to reach back so far.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { tickerEvents } from '#market/tables/actions.js';
import { ipos, tickerDetails, tickers as tickersTable } from '#market/tables/reference.js';
import type { FolderLayout } from '#store/folder/layout.js';
import type { Duck } from '#store/lake/duckdb.js';
import { currentView } from '#store/tables/views.js';

export interface ListedName {
  readonly ticker: string;
  readonly name: string;
  readonly type: string | null;
  /** The first day that is known of it; null where the tables do not say when it began. */
  readonly since: IsoDay | null;
  /** The first day on which it was not listed any more; null while it is. */
  readonly until: IsoDay | null;
}

/**
 * A company's name on the day is that of its last change until then; one of which no change is known has had
 * one name. Where two had the ticker one after the other, it was that of the one that was gone first.
 */
export async function listedOn(
  layout: Pick<FolderLayout, 'dataDir'>,
  day: IsoDay,
  type: string | undefined,
  duck: Duck,
): Promise<readonly ListedName[]> {
  const on = `DATE '${day}'`;
  const rows = await duck.rows(
    `WITH listed AS (SELECT ticker, name, type, coalesce(composite_figi, cik) AS company, CASE WHEN NOT active THEN coalesce(delisted_utc, last_updated_utc)::DATE END AS gone ` +
      `FROM (${currentView(tickersTable, layout)}) WHERE market IN ('stocks', 'otc')), ` +
      `changes AS (SELECT DISTINCT coalesce(composite_figi, cik) AS company, date AS day, ticker FROM (${currentView(tickerEvents, layout)}) WHERE type = 'ticker_change' AND ticker IS NOT NULL), ` +
      `named AS (SELECT company, arg_max(ticker, day) FILTER (WHERE day <= ${on}) AS ticker, min(day) AS since FROM changes WHERE company IS NOT NULL GROUP BY company), ` +
      `begun AS (SELECT ticker, min(day) AS since FROM (SELECT ticker, list_date AS day FROM (${currentView(tickerDetails, layout)}) UNION ALL SELECT ticker, listing_date FROM (${currentView(ipos, layout)}) WHERE ipo_status IN ('history', 'new', 'direct_listing_process')) WHERE day IS NOT NULL GROUP BY ticker), ` +
      'all_of_them AS (SELECT CASE WHEN n.company IS NULL THEN l.ticker ELSE n.ticker END AS ticker, l.name, l.type, ' +
      // A listing date is of the ticker's present owner.
      'CASE WHEN n.company IS NULL THEN CASE WHEN l.gone IS NULL THEN b.since END ELSE n.since END AS since, l.gone ' +
      'FROM listed l LEFT JOIN named n ON n.company = l.company LEFT JOIN begun b ON b.ticker = l.ticker) ' +
      `SELECT ticker, name, type, since::VARCHAR AS since, gone::VARCHAR AS until FROM all_of_them ` +
      `WHERE ticker IS NOT NULL AND (gone IS NULL OR gone > ${on}) AND (since IS NULL OR since <= ${on}) ` +
      'QUALIFY row_number() OVER (PARTITION BY ticker ORDER BY gone ASC NULLS LAST, since DESC NULLS LAST, name) = 1 ORDER BY encode(ticker)',
  );
  return rows
    .filter((row) => type === undefined || row['type'] === type)
    .map((row) => ({
      ticker: String(row['ticker']),
      name: String(row['name'] ?? ''),
      type: text(row['type']),
      since: text(row['since']),
      until: text(row['until']),
    }));
}

function text(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
