/** The listings that a query is about, by ticker; all that the vendor knows by now where it names none. */
import type { Listing } from '#sandbox/market/reference/securities.js';
import type { RestMarket } from '../rest-market.js';

export function listingsNamed(
  market: RestMarket,
  tickers: readonly string[] | undefined,
): readonly Listing[] {
  const today = market.today();
  const all =
    tickers === undefined
      ? market.securities.listings
      : [...new Set(tickers)].sort().flatMap((ticker) => market.securities.of(ticker));
  return all.filter((listing) => listing.first <= today);
}
