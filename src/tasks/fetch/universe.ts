/** The tickers that types without bulk access go over. */
import { tickers as tickersTable } from '#market/tables/reference.js';
import type { FolderLayout } from '#store/folder/layout.js';
import type { Duck } from '#store/lake/duckdb.js';
import { currentView } from '#store/tables/views.js';
import type { Universe } from './request.js';

/** Ascending; `common`: active common stocks, `all`: every active stock. */
export async function universeTickers(
  universe: Universe,
  tracked: readonly string[],
  layout: Pick<FolderLayout, 'dataDir'>,
  duck: Duck,
): Promise<readonly string[]> {
  if (universe === 'tracked') return tracked;
  const only = universe === 'common' ? " AND type = 'CS'" : '';
  const rows = await duck.rows(
    `SELECT DISTINCT ticker FROM (${currentView(tickersTable, layout)}) WHERE active AND market = 'stocks'${only} ORDER BY ticker`,
  );
  return rows.map(({ ticker }) => String(ticker));
}
