/** What the REST benchmarks ask for: the bulk types of statements and actions, and their windows of so many years. */
import { planTable } from '../../dist/ingest/tables/plan-table.js';
import { windowTarget } from '../../dist/ingest/tables/target.js';
import { TABLES } from '../../dist/market/tables/all.js';

export const TYPES = ['balance_sheets', 'income_statements', 'cash_flow', 'dividends', 'splits'];

/** Targets of all windows that `barloom fetch --backfill-years` asks for in an empty folder. */
export function bulkTargets(today, years) {
  const start = `${Number(today.slice(0, 4)) - years}-01-01`;
  const known = { lookedAt: undefined, windows: new Map(), tickers: new Map() };
  const wish = { today, start, force: false, full: false, groupSize: 50 };
  return TYPES.flatMap((name) => {
    const type = TABLES.get(name);
    return planTable(type, known, wish).map((window) => windowTarget(type, window));
  });
}

/** The usual way: a ticker and a type in each. */
export function tickerTargets(tickers) {
  return tickers.flatMap((ticker) =>
    TYPES.map((name) => {
      const { path, byTicker, pageSize } = TABLES.get(name);
      return `${path}?${byTicker.parameter}=${encodeURIComponent(ticker)}&limit=${pageSize}`;
    }),
  );
}
