/**
 * From so many bars on, rebuilding in worker threads is quicker than merging in this one, and keeps the
 * memory bounded.
 */
const MANY_BARS = 300_000;

/** How many tickers at once are not many. */
export function fewAtOnce(days: number): number {
  return Math.max(1, Math.floor(MANY_BARS / Math.max(1, days)));
}

export function isMany(tickers: number, days: number): boolean {
  return tickers * days > MANY_BARS;
}
