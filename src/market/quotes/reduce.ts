/**
 * The reductions, as laws over the quotes of one symbol and day in their order. They see a quote at a time
 * and keep at most two, so that the result depends on no border of a page, a batch or a file.
 */
import { isThere, type Quote } from './quote.js';
import type { Reduction } from './reduction.js';

/** What a reduction looks at. */
export type Sides = Pick<Quote, 'bidPrice' | 'bidSize' | 'askPrice' | 'askSize'>;

/** A row that is kept: a quote, or a second whose sides may be two quotes'. */
export interface Kept<Q extends Sides> {
  /** Seconds since the epoch, where the row is a second's; its stamp is then the second's start. */
  readonly second: number | undefined;
  /** Undefined: there is no bid in that second. */
  readonly bid: Q | undefined;
  readonly ask: Q | undefined;
}

export interface Reducer<Q extends Sides> {
  /** `second`: the quote's, floored. What is kept by now, which may be a second before. */
  take(quote: Q, second: number): Kept<Q> | undefined;
  /** What is kept behind the last quote of the symbol and day. A new one is needed for the next. */
  end(): Kept<Q> | undefined;
}

export function newReducer<Q extends Sides>({ every, changes, second }: Reduction): Reducer<Q> {
  if (every !== undefined) return everyNth(every);
  if (changes === undefined) return bySecond(second ?? 'last');
  if (second === undefined) return changesOnly(changes);
  const [first, then] = [changesOnly<Q>(changes), bySecond<Q>(second)];
  return {
    take: (quote, at) => (first.take(quote, at) === undefined ? undefined : then.take(quote, at)),
    end: then.end,
  };
}

function everyNth<Q extends Sides>(n: number): Reducer<Q> {
  let index = 0;
  return {
    take: (quote) => (index++ % n === 0 ? whole(quote) : undefined),
    end: () => undefined,
  };
}

/** An absent side is a value like another; exchange and conditions alone make no change. */
function changesOnly<Q extends Sides>(mode: 'price' | 'full'): Reducer<Q> {
  let last: Q | undefined;
  return {
    take: (quote) => {
      const same =
        last !== undefined &&
        samePrice(last.bidPrice, quote.bidPrice) &&
        samePrice(last.askPrice, quote.askPrice) &&
        (mode === 'price' || (last.bidSize === quote.bidSize && last.askSize === quote.askSize));
      if (same) return undefined;
      last = quote;
      return whole(quote);
    },
    end: () => undefined,
  };
}

function samePrice(a: number | null, b: number | null): boolean {
  return a === b || (!isThere(a) && !isThere(b));
}

/** Seconds without a quote make no row; nothing is filled forward. */
function bySecond<Q extends Sides>(mode: 'best' | 'tightest' | 'last'): Reducer<Q> {
  const choose = CHOICES[mode];
  let second: number | undefined;
  let bid: Q | undefined;
  let ask: Q | undefined;
  const kept = (): Kept<Q> | undefined =>
    bid === undefined && ask === undefined ? undefined : { second, bid, ask };
  return {
    take: (quote, at) => {
      const before = at === second ? undefined : kept();
      if (at !== second) [second, bid, ask] = [at, undefined, undefined];
      if (choose.bid(bid, quote)) bid = quote;
      if (choose.ask(ask, quote)) ask = quote;
      return before;
    },
    end: kept,
  };
}

/** Whether the second's bid, or ask, is the quote's from now on. `held`: the one until now. */
interface Choice {
  readonly bid: (held: Sides | undefined, quote: Sides) => boolean;
  readonly ask: (held: Sides | undefined, quote: Sides) => boolean;
}

const tighter = (held: Sides | undefined, quote: Sides): boolean => {
  const spread = spreadOf(quote);
  if (!(spread >= 0)) return false;
  if (held === undefined) return true;
  const before = spreadOf(held);
  // Of equal spreads the larger, then the latest.
  return spread < before || (spread === before && sizesOf(quote) >= sizesOf(held));
};

const CHOICES: Readonly<Record<'best' | 'tightest' | 'last', Choice>> = {
  last: { bid: () => true, ask: () => true },
  tightest: { bid: tighter, ask: tighter },
  // Of equal prices the larger size, then the earlier quote. A crossed quote is neither side's best.
  best: {
    bid: (held, quote) =>
      isThere(quote.bidPrice) &&
      !isCrossed(quote) &&
      (held === undefined ||
        quote.bidPrice > Number(held.bidPrice) ||
        (quote.bidPrice === held.bidPrice && Number(quote.bidSize) > Number(held.bidSize))),
    ask: (held, quote) =>
      isThere(quote.askPrice) &&
      !isCrossed(quote) &&
      (held === undefined ||
        quote.askPrice < Number(held.askPrice) ||
        (quote.askPrice === held.askPrice && Number(quote.askSize) > Number(held.askSize))),
  },
};

function isCrossed({ bidPrice, askPrice }: Sides): boolean {
  return isThere(bidPrice) && isThere(askPrice) && bidPrice > askPrice;
}

/** In 1e-8 dollars: 10.04 - 10.03 and 10.03 - 10.02 are one spread, and as doubles they are not. */
const UNITS = 1e8;

/** NaN where a side lacks; below 0 where they are crossed. */
function spreadOf({ bidPrice, askPrice }: Sides): number {
  if (!isThere(bidPrice) || !isThere(askPrice)) return Number.NaN;
  return Math.round(askPrice * UNITS) - Math.round(bidPrice * UNITS);
}

function sizesOf({ bidSize, askSize }: Sides): number {
  return Number(bidSize) + Number(askSize);
}

function whole<Q extends Sides>(quote: Q): Kept<Q> {
  return { second: undefined, bid: quote, ask: quote };
}
