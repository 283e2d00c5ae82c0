/**
 * The columns of a quote wherever it is kept: Parquet, databases. `symbol`, `ts_ns` and `ord` are the key.
 */

/** `moment`: to the microsecond; `whole`: 64 bits; `number`: a double; `flag`: true or false. */
export type QuoteColumnKind = 'text' | 'day' | 'moment' | 'whole' | 'number' | 'flag';

export interface QuoteColumn {
  readonly name: string;
  readonly kind: QuoteColumnKind;
}

export const QUOTE_COLUMNS = [
  { name: 'symbol', kind: 'text' },
  // New York's.
  { name: 'date', kind: 'day' },
  // In UTC, cut to microseconds; ts_ns is exact.
  { name: 'ts', kind: 'moment' },
  { name: 'ts_ns', kind: 'whole' },
  // 0, 1, 2 … among the symbol's quotes of one nanosecond, in the feed's order.
  { name: 'ord', kind: 'whole' },
  { name: 'bid_price', kind: 'number' },
  { name: 'bid_size', kind: 'number' },
  { name: 'bid_exchange', kind: 'text' },
  { name: 'ask_price', kind: 'number' },
  { name: 'ask_size', kind: 'number' },
  { name: 'ask_exchange', kind: 'text' },
  { name: 'conditions', kind: 'text' },
  { name: 'tape', kind: 'text' },
  { name: 'sequence_number', kind: 'whole' },
] as const satisfies readonly QuoteColumn[];

/**
 * And of rows that are a second each: the moment of the quote that the row is, where it is one; whether the
 * best bid and ask, which may be two quotes', are crossed or locked.
 */
export const SECOND_COLUMNS = [
  { name: 'quote_ts_ns', kind: 'whole' },
  { name: 'crossed', kind: 'flag' },
  { name: 'locked', kind: 'flag' },
] as const satisfies readonly QuoteColumn[];
