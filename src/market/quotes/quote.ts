/**
 * A quote as it comes from any source: the best bid and the best offer at a moment, numbers as doubles, text
 * as the vendor writes it.
 */

export interface Quote {
  /**
   * Nanoseconds since the epoch, as decimal text: a double would round them, and texts of 19 digits
   * (2001-09-09 to 2286) sort as their numbers do.
   */
  readonly tsNs: string;
  /** 0 or null: there is no bid. */
  readonly bidPrice: number | null;
  /** In round lots before 2025-11-03, in shares from that day on, as the vendors have it. */
  readonly bidSize: number | null;
  readonly bidExchange: string | null;
  readonly askPrice: number | null;
  readonly askSize: number | null;
  readonly askExchange: string | null;
  /** Several with commas between them. */
  readonly conditions: string | null;
  readonly tape: string | null;
  /** The consolidator's, as decimal text; Alpaca gives none. */
  readonly sequence: string | null;
}

/** A side whose price is 0, negative or missing is none. */
export function isThere(price: number | null): price is number {
  return price !== null && price > 0;
}
