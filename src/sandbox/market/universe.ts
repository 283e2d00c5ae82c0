/**
 * Everything that was ever listed on the synthetic market, sorted by ticker bytes, as columns (one typed
 * array an attribute), because a day walks over all of it. One row is one listing: a symbol that was reused
 * has two. A smaller market is a part of the larger one with the same seed, with the same prices.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { log2Ceil, STEPS_PER_DOUBLING } from './exp2.js';
import { formerName } from './former-names.js';
import { GOLDEN, hashStream, hashText, mix32 } from './hash.js';
import { inventNames } from './invented-names.js';
import { KNOWN_SYMBOLS, type KnownSymbol } from './known-symbols.js';
import { inventedSplits, type ListedSplit, SPLITS } from './splits.js';
import { weekdayIndex } from './weekday-index.js';

/** Weekday numbers; a listing trades from `from` to `to`, both included. */
export const FOREVER = 0x3fffffff;
/** On this day the listings' prices hold. */
export const ANCHOR_DAY: IsoDay = '2026-10-01';
/** A usual day's share of the listed instruments that trade. */
const TRADING_SHARE = 0.935;
const TICKER_BYTES = 16;

export interface ListingSplit extends ListedSplit {
  readonly row: number;
}

export interface Universe {
  readonly count: number;
  /** 16 bytes a row: the ticker's bytes, then zeros. */
  readonly tickerBytes: Uint8Array;
  readonly tickerLength: Uint8Array;
  readonly tickers: readonly string[];
  /** First and last weekday number of the listing. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly seed: Int32Array;
  /** log2 of the price in ticks on the anchor day, in steps of 1/4096. */
  readonly priceLog: Int32Array;
  /** Standard deviation of a day's return, in steps. */
  readonly dailySteps: Int32Array;
  /** Growth in steps a weekday. */
  readonly drift: Float64Array;
  /** Ticks to the dollar: 100 or 10,000 for stocks, up to 10^10 for coins. */
  readonly ticksPerDollar: Float64Array;
  readonly volumeLog: Int32Array;
  /** Chance in 256 that it trades on a day. */
  readonly tradeChance: Int32Array;
  readonly sharesPerTrade: Float64Array;
  readonly splits: readonly ListingSplit[];
  /** The weekday number on which priceLog holds. */
  readonly anchor: number;
}

export interface Listing {
  readonly ticker: string;
  readonly from: number;
  readonly to: number;
  readonly seed: number;
  readonly price: number;
  readonly volume: number;
  readonly dailyMove: number;
  readonly tradeChance: number;
  readonly drift: number;
  /** 10,000 for what is cheap or finely quoted and 100 for the others, where absent. */
  readonly ticksPerDollar?: number;
  /** 25 to 152 where absent. */
  readonly sharesPerTrade?: number;
  /** None where absent. */
  readonly splits?: readonly ListedSplit[];
}

/**
 * `tickers` is about how many trade on a day. Never fewer than the known symbols, of which about a hundred
 * trade at any time.
 */
export function buildUniverse(seed: number, tickers: number): Universe {
  const listings = [
    ...KNOWN_SYMBOLS.map((known) => knownListing(known, seed)),
    ...inventedListings(seed, tickers),
  ];
  return universeOf(listings, weekdayIndex(ANCHOR_DAY));
}

/**
 * The columns of `listings`, whose prices hold on the day with the number `anchor`, by whatever clock the
 * market's days are counted.
 */
export function universeOf(listings: readonly Listing[], anchor: number): Universe {
  const sorted = [...listings];
  sorted.sort((a, b) => (a.ticker < b.ticker ? -1 : a.ticker > b.ticker ? 1 : a.from - b.from));
  return columns(sorted, anchor);
}

function knownListing(known: KnownSymbol, seed: number): Listing {
  const from = known.from === undefined ? 0 : weekdayIndex(known.from);
  return {
    ticker: known.ticker,
    from,
    to: known.to === undefined ? FOREVER : weekdayIndex(known.to),
    seed: listingSeed(known.ticker, from, seed),
    price: known.price,
    volume: known.volume,
    dailyMove: known.dailyMove,
    tradeChance: 256,
    drift: known.dailyMove < 3 ? 0.9 : 0,
    splits: SPLITS.filter((split) => split.ticker === known.ticker).map(({ day, after, before }) => ({
      ...{ from: weekdayIndex(day), after, before },
    })),
  };
}

export function listingSeed(ticker: string, from: number, seed: number): number {
  return mix32(hashText(ticker, seed) + Math.imul(from, GOLDEN));
}

/** Most slots are one instrument for ever; the others are handed on every few years, after a gap. */
function inventedListings(seed: number, tickers: number): Listing[] {
  const next = hashStream(seed);
  const name = inventNames(next, new Set(KNOWN_SYMBOLS.map((known) => known.ticker)));
  const slots = Math.max(0, Math.round((tickers - 0.93 * KNOWN_SYMBOLS.length) / TRADING_SHARE));
  const horizon = weekdayIndex('2035-01-01');
  const listings: Listing[] = [];
  for (let slot = 0; slot < slots; slot++) {
    if (slot % 10 < 7) {
      listings.push(inventedListing(name(), 0, FOREVER, seed));
      continue;
    }
    let from = -(next() % 2000);
    while (from < horizon) {
      const to = from + 400 + (next() % 3000);
      if (to >= 0) listings.push(...withFormerName(inventedListing(name(), from, to, seed)));
      from = to + 2 + (next() % 20);
    }
  }
  return listings;
}

/** The listing, and where it was renamed, the one before under its former name: one walk under two names. */
function withFormerName(listing: Listing): readonly Listing[] {
  const former = formerName(listing);
  if (former === undefined) return [listing];
  return [
    { ...listing, ticker: former.ticker, to: former.until },
    { ...listing, from: former.until + 1 },
  ];
}

function inventedListing(ticker: string, from: number, to: number, seed: number): Listing {
  const own = listingSeed(ticker, from, seed);
  const next = hashStream(own);
  const kind = profile(ticker, next() % 100);
  const price = kind.low * stretch(kind.high / kind.low, next() % 1000);
  // Bent upwards, so that a few instruments take most of the volume.
  const weight = (next() % 1000) / 1000;
  const bent = Math.trunc((0.4 + 0.6 * weight) * weight * 1000);
  const volume = 500 * stretch(40_000, bent) * (price < 2 ? 3 : 1);
  const listing = {
    ticker,
    from,
    to,
    seed: own,
    price: Math.round(price * 10_000) / 10_000,
    volume,
    dailyMove: kind.dailyMove * (0.6 + (next() % 1000) / 1200),
    tradeChance: tradeChance(volume, next()),
    drift: kind.drift,
  };
  return { ...listing, splits: inventedSplits(listing) };
}

/** In 256: the thinly traded sit out many days, most of the others none. */
function tradeChance(volume: number, hash: number): number {
  if (volume < 900) return 90 + (hash % 140);
  return volume < 5000 ? 205 + (hash % 51) : 256;
}

/** ratio^(permille / 1000) without Math.pow: by squares and roots of exactly rounded arithmetic. */
function stretch(ratio: number, permille: number): number {
  let result = 1;
  let root = ratio;
  let rest = permille / 1000;
  for (let bit = 0; bit < 20; bit++) {
    root = Math.sqrt(root);
    rest *= 2;
    if (rest >= 1) {
      result *= root;
      rest -= 1;
    }
  }
  return result;
}

interface Profile {
  readonly low: number;
  readonly high: number;
  readonly dailyMove: number;
  readonly drift: number;
}

function profile(ticker: string, percent: number): Profile {
  if (/\.WS|r$|w$|^.{4}[WR]$/.test(ticker)) return { low: 0.02, high: 2.5, dailyMove: 7, drift: 0 };
  if (/p[A-Z]?$/.test(ticker)) return { low: 14, high: 27, dailyMove: 0.6, drift: 0 };
  if (/\.U$/.test(ticker)) return { low: 9.9, high: 11.5, dailyMove: 0.25, drift: 0 };
  if (percent < 32) return { low: 12, high: 140, dailyMove: 0.9, drift: 0.5 };
  if (percent < 42) return { low: 18, high: 105, dailyMove: 0.25, drift: 0 };
  if (percent < 82) return { low: 4, high: 260, dailyMove: 2.4, drift: 0.3 };
  return percent < 97
    ? { low: 0.25, high: 6, dailyMove: 4.6, drift: 0 }
    : { low: 0.0058, high: 0.3, dailyMove: 7, drift: 0 };
}

function columns(listings: readonly Listing[], anchor: number): Universe {
  const count = listings.length;
  const tickerBytes = new Uint8Array(count * TICKER_BYTES);
  const tickerLength = new Uint8Array(count);
  const ints = () => new Int32Array(count);
  const [from, to, seed, priceLog, dailySteps] = [ints(), ints(), ints(), ints(), ints()];
  const [volumeLog, tradeChance] = [ints(), ints()];
  const floats = () => new Float64Array(count);
  const [ticksPerDollar, drift, sharesPerTrade] = [floats(), floats(), floats()];
  const splits: ListingSplit[] = [];
  listings.forEach((listing, row) => {
    tickerLength[row] = Buffer.from(tickerBytes.buffer, row * TICKER_BYTES, TICKER_BYTES).write(
      listing.ticker,
      'latin1',
    );
    from[row] = listing.from;
    to[row] = listing.to;
    seed[row] = listing.seed;
    const fine =
      listing.price < 2 ||
      (listing.price < 1000 && (listing.seed & 0xff00) < 0x2000 && listing.dailyMove > 1.2);
    const ticks = listing.ticksPerDollar ?? (fine ? 10_000 : 100);
    ticksPerDollar[row] = ticks;
    priceLog[row] = log2Ceil(Math.max(1, listing.price * ticks));
    // One percent is 0.01 / ln 2 doublings.
    dailySteps[row] = Math.max(1, Math.round(listing.dailyMove * 0.014427 * STEPS_PER_DOUBLING));
    drift[row] = listing.drift;
    volumeLog[row] = log2Ceil(Math.max(1, listing.volume));
    tradeChance[row] = listing.tradeChance;
    sharesPerTrade[row] = listing.sharesPerTrade ?? 25 + ((listing.seed >>> 3) & 127);
    for (const split of listing.splits ?? []) splits.push({ row, ...split });
  });
  const tickers = listings.map((listing) => listing.ticker);
  return {
    ...{ count, tickerBytes, tickerLength, tickers, from, to, seed, priceLog, dailySteps, drift },
    ...{ ticksPerDollar, volumeLog, tradeChance, sharesPerTrade, splits, anchor },
  };
}
