/** Leaves everything that ratios are selected from in temporary tables of the database. */
import { keptRowsSql } from '#market/ratios/ratio-rows.js';
import { rowLinksSql } from '#market/ratios/row-links.js';
import { statementRowsSql } from '#market/ratios/statement-rows.js';
import { tickerRowsSql } from '#market/ratios/ticker-rows.js';
import type { Duck } from '#store/lake/duckdb.js';
import { type SourceWish, statementSources, tickerSources } from './sources.js';

export async function prepareRows(wish: SourceWish, duck: Duck, signal: AbortSignal): Promise<void> {
  const steps = [
    ...statementRowsSql(statementSources(wish)),
    ...rowLinksSql(),
    ...tickerRowsSql(await tickerSources(wish)),
    ...keptRowsSql(),
  ];
  for (const step of steps) {
    signal.throwIfAborted();
    await duck.run(step);
  }
}
