/**
 * From so many bars on, rebuilding in worker threads is quicker than merging in this one, and keeps the
 * memory bounded.
 */
const MANY_BARS = 300_000;

export function isMany(tickers: number, days: number): boolean {
  return tickers * days > MANY_BARS;
}
