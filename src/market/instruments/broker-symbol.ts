/**
 * A broker's symbol taken apart: the name, and the venue that stands behind it or follows from the market.
 */
import type { Instrument } from './instrument.js';
import { type Venue, venueOfMarket, venueOfSuffix } from './venues.js';

export interface BrokerSymbol {
  /**
   * The symbol without its venue, in the broker's own case: `BRK.B` of `BRK.B:US`. '' where there is no
   * symbol.
   */
  readonly root: string;
  readonly venue: Venue | undefined;
  /** What the venue follows from. */
  readonly venueFrom: 'suffix' | 'market' | 'nothing';
}

/**
 *   symbol        market      root      venue
 *   AAPL:US       (any)       AAPL      of the suffix, which is a venue's (Bloomberg's way)
 *   AAPL:XX       NYSE        AAPL      of the market: XX is no venue's
 *   VOD.L         LSE         VOD       the dot's part is a venue's, and agrees with the market
 *   VOD.L         (empty)     VOD       the same: nothing contradicts
 *   HOM.U         TSX         HOM.U     U is New York's letter, and the market is Toronto: a share class
 *   BP.           LSE         BP        a final dot says nothing
 */
export function parseSymbol({
  symbol,
  market,
  isin,
}: Pick<Instrument, 'symbol' | 'market' | 'isin'>): BrokerSymbol {
  const text = symbol.trim();
  const ofMarket = venueOfMarket(market, isin);
  const besides = ofMarket === undefined ? 'nothing' : 'market';
  const colon = text.indexOf(':');
  if (colon >= 0) {
    const venue = venueOfSuffix(
      text
        .slice(colon + 1)
        .trim()
        .toUpperCase(),
      isin,
    );
    const root = withoutFinalDot(text.slice(0, colon));
    return venue === undefined
      ? { root, venue: ofMarket, venueFrom: besides }
      : { root, venue, venueFrom: 'suffix' };
  }
  const dot = text.lastIndexOf('.');
  if (dot > 0 && dot < text.length - 1) {
    const venue = venueOfSuffix(text.slice(dot + 1).toUpperCase(), isin);
    const agrees = venue !== undefined && (market.trim() === '' || venue === ofMarket);
    if (agrees) return { root: withoutFinalDot(text.slice(0, dot)), venue, venueFrom: 'suffix' };
  }
  return { root: withoutFinalDot(text), venue: ofMarket, venueFrom: besides };
}

function withoutFinalDot(text: string): string {
  return text.trim().replace(/\.+$/, '');
}
