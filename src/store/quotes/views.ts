/**
 * The SELECTs behind names of imported quotes: `quotes` is every quote there is, with its source and feed;
 * a reduced table has a name of its own, `quotes_alpaca_sip_second_best`, and is in no other.
 */
import { literal } from '#store/lake/duckdb.js';
import { type QuoteTable, tableName } from './layout.js';
import { quoteRows } from './reader.js';
import { dayFilesOf, symbolsIn, tablesIn } from './tree.js';

/** By name; none where there is no day. `quotes`: the folder of all tables. */
export function quoteViews(quotes: string): ReadonlyMap<string, string> {
  const views = new Map<string, string>();
  for (const table of tablesIn(quotes)) {
    const files = symbolsIn(quotes, table).flatMap((symbol) =>
      dayFilesOf(quotes, table, symbol).map(({ file }) => file),
    );
    if (files.length === 0) continue;
    const { source, feed } = table;
    const select = `SELECT ${literal(source)} AS source, ${literal(feed)} AS feed, * FROM ${quoteRows(files)}`;
    const name = viewName(table);
    const before = views.get(name);
    views.set(name, before === undefined ? select : `${before} UNION ALL BY NAME ${select}`);
  }
  return views;
}

function viewName(table: QuoteTable): string {
  return table.reduction === undefined ? 'quotes' : `quotes_${tableName(table).replaceAll('-', '_')}`;
}
