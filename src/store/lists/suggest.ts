/**
 * Case is data, and people type as they like: for a ticker that never appeared, the one that did appear and differs in case only.
 */

/** The one of `seen` that differs from `ticker` in nothing but case; the first in byte order where there are several. */
export function suggest(ticker: string, seen: Iterable<string>): string | undefined {
  return suggester(seen)(ticker);
}

/** As `suggest`, for many tickers against the same market: `seen` is gone through once. */
export function suggester(seen: Iterable<string>): (ticker: string) => string | undefined {
  const byFolded = new Map<string, string[]>();
  for (const ticker of seen) {
    const folded = ticker.toLowerCase();
    const alike = byFolded.get(folded);
    if (alike === undefined) byFolded.set(folded, [ticker]);
    else alike.push(ticker);
  }
  return (ticker) =>
    byFolded
      .get(ticker.toLowerCase())
      ?.filter((candidate) => candidate !== ticker)
      .sort((a, b) => (a < b ? -1 : 1))[0];
}
