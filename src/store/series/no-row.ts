/**
 * Lines that say nothing: Yahoo and pandas write `null`, `NaN` or nothing where they have no bar, and others
 * zeros. They are no rows of the user's, and whatever the vendor has of the day takes their place. Prices
 * that are anything else are the user's.
 */
const NOTHING = /^(?:null|nan|none|n\/?a|-|0*(?:\.0*)?)$/i;

/** `prices`: open, high, low and close as they stand there. */
export function saysNothing(prices: readonly string[]): boolean {
  return prices.length > 0 && prices.every((price) => NOTHING.test(price));
}
