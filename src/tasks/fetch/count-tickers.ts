/** How many current records the tables have of a ticker: the line that is printed where tickers are named. */
import type { TableType } from '#market/tables/table-type.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { type Duck, identifier, listOf } from '#store/lake/duckdb.js';
import { currentView } from '#store/tables/views.js';

export interface TickerCounts {
  readonly ticker: string;
  /** By type; a type that knows no tickers is not in it. */
  readonly rows: Readonly<Record<string, number>>;
}

export async function countTickers(
  tickers: readonly string[],
  types: readonly TableType[],
  layout: Pick<FolderLayout, 'dataDir'>,
  duck: Duck,
): Promise<readonly TickerCounts[]> {
  const found = new Map(tickers.map((ticker) => [ticker, {} as Record<string, number>]));
  for (const type of types) {
    if (type.ticker === undefined) continue;
    for (const rows of found.values()) rows[type.name] = 0;
    const kind = type.fields.find(({ name }) => name === type.ticker)?.kind;
    const column = identifier(type.ticker);
    const each = kind === 'texts' ? `unnest(${column})` : column;
    const counted = await duck.rows(
      `SELECT ticker, count(*) AS n FROM (SELECT ${each} AS ticker FROM (${currentView(type, layout)})) WHERE ticker IN (SELECT unnest(${listOf(tickers)})) GROUP BY ticker`,
    );
    for (const { ticker, n } of counted) {
      const rows = found.get(String(ticker));
      if (rows !== undefined) rows[type.name] = Number(n);
    }
  }
  return [...found].map(([ticker, rows]) => ({ ticker, rows }));
}
