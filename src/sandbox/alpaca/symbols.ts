/** The symbols that the sandbox of Alpaca knows, with what a day of each is like. */
import { hashText } from '#sandbox/market/hash.js';
import { SANDBOX_TICKERS } from '#sandbox/market/ticker-list.js';

export interface AlpacaSymbol {
  readonly symbol: string;
  /** Quotes of a usual day. */
  readonly share: number;
  readonly ticks: number;
  readonly ticksPerDollar: 100 | 10_000;
}

/** Undefined for a symbol that nobody lists. `quotesADay`: AAPL's. */
export function alpacaSymbol(symbol: string, quotesADay: number): AlpacaSymbol | undefined {
  const rank = SANDBOX_TICKERS.indexOf(symbol);
  if (rank < 0) return undefined;
  const hash = hashText(symbol, 17) >>> 0;
  // Below a dollar prices have four decimals.
  const isPenny = hash % 11 === 0 && rank > 0;
  return {
    symbol,
    share: Math.max(1, Math.round(quotesADay / (1 + rank / 4))),
    ticks: isPenny ? 2000 + (hash % 7000) : rank === 0 ? 18_550 : 2000 + (hash % 40_000),
    ticksPerDollar: isPenny ? 10_000 : 100,
  };
}
