/** Tickers and their changes, as the tables have them. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { tickerEvents } from '#market/tables/actions.js';
import { tickers as tickersTable } from '#market/tables/reference.js';
import { knownByTicker } from '#market/tickers/by-ticker.js';
import { type ListedTicker, type Ownership, ownersOf, type TickerChange } from '#market/tickers/owners.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { type Duck, listOf } from '#store/lake/duckdb.js';
import { currentView } from '#store/tables/views.js';

export interface Identity {
  readonly listed: readonly ListedTicker[];
  readonly changes: readonly TickerChange[];
}

/**
 * All that speaks of these tickers, and of every other name of their owners; undefined: of all tickers. As it
 * was known on `asOf`.
 */
export async function readIdentity(
  layout: Pick<FolderLayout, 'dataDir'>,
  names: readonly string[] | undefined,
  duck: Duck,
  asOf?: IsoDay,
): Promise<Identity> {
  const listed = currentView(tickersTable, layout, asOf);
  const events = currentView(tickerEvents, layout, asOf);
  const isAsked = names === undefined ? 'true' : `ticker IN (SELECT unnest(${listOf(names)}))`;
  const company = 'coalesce(composite_figi, cik, name)';
  await duck.run(
    `CREATE OR REPLACE TEMP TABLE changes AS SELECT * FROM (${events}) WHERE type = 'ticker_change' AND ticker IS NOT NULL`,
  );
  const owners = `SELECT ${company} FROM changes WHERE ${isAsked}`;
  const changes = await duck.rows(
    `SELECT composite_figi, cik, name, date::VARCHAR AS day, ticker FROM changes WHERE ${company} IN (${owners}) ORDER BY day, ticker`,
  );
  const lines = await duck.rows(
    `SELECT ticker, name, type, coalesce(composite_figi, share_class_figi) AS figi, cik, CASE WHEN NOT active THEN coalesce(delisted_utc::DATE, last_updated_utc::DATE)::VARCHAR END AS delisted ` +
      `FROM (${listed}) WHERE ${isAsked} AND market IN ('stocks', 'otc') ORDER BY ALL`,
  );
  return {
    changes: changes.map((row) => ({
      figi: text(row['composite_figi']),
      cik: text(row['cik']),
      name: text(row['name']) ?? '',
      day: String(row['day']),
      ticker: String(row['ticker']),
    })),
    listed: lines.map((row) => ({
      ticker: String(row['ticker']),
      name: text(row['name']) ?? '',
      type: text(row['type']),
      figi: text(row['figi']),
      cik: text(row['cik']),
      delisted: text(row['delisted']),
    })),
  };
}

function text(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}

/** Of each ticker, who had it. */
export function ownersIn(identity: Identity): (ticker: string) => readonly Ownership[] {
  const of = knownByTicker(identity);
  return (ticker) => {
    const { listed, changes } = of(ticker);
    return ownersOf(ticker, listed, changes);
  };
}
