/** Listings of what is always there and quoted finely: indices, currencies, coins. */
import { FOREVER, type Listing, listingSeed } from '#sandbox/market/universe.js';

/** What a table of instruments says of one. */
export interface Quoted {
  readonly ticker: string;
  /** On the anchor day. */
  readonly price: number;
  /** Decimals of its price. */
  readonly decimals: number;
  /** Units on a usual day. */
  readonly volume: number;
  /** On a usual day. */
  readonly trades: number;
  /** Standard deviation of a day's return, in percent. */
  readonly dailyMove: number;
}

export function quotedListing(quoted: Quoted, seed: number): Listing {
  const { ticker, price, decimals, volume, trades, dailyMove } = quoted;
  return {
    ...{ ticker, price, volume, dailyMove, from: 0, to: FOREVER, drift: 0, tradeChance: 256 },
    seed: listingSeed(ticker, 0, seed),
    sharesPerTrade: volume / trades,
    ticksPerDollar: Number(`1e${decimals}`),
  };
}
