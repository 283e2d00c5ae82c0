/**
 * A symbol's quotes of a New York day, each a function of its number alone: any page can be written without
 * those before it. They crowd at the open and the close, several share a nanosecond, some repeat exactly, some
 * lack a side, a few are locked or crossed.
 */
import { type IsoDay, weekday } from '#market/calendar/iso-day.js';
import { nyse, nyseEarlyClose } from '#market/calendar/nyse.js';
import { GOLDEN, hashText, mix32 } from '#sandbox/market/hash.js';
import { newYorkMidnight } from '#sandbox/market/session-hours.js';
import type { AlpacaSymbol } from './symbols.js';

const MINUTE_NS = 60_000_000_000;
const [FIRST_MINUTE, OPEN, CLOSE, LAST_MINUTE] = [4 * 60, 9 * 60 + 30, 16 * 60, 20 * 60];
const MINUTES = LAST_MINUTE - FIRST_MINUTE;

export interface QuoteDay {
  readonly count: number;
  /** Of midnight, ms. */
  readonly midnight: number;
  /** Nanoseconds since midnight. */
  timeOf(i: number): number;
  /** Fills `target` with quote `i`. */
  read(i: number, target: DayQuote): void;
  /** The first quote not before so many nanoseconds since midnight. */
  firstFrom(ns: number): number;
}

/** In integers; prices in ticks. Mutable, because one is filled millions of times. */
export interface DayQuote {
  time: number;
  bid: number;
  bidSize: number;
  ask: number;
  askSize: number;
  /** Decides exchanges and conditions. */
  hash: number;
}

/** Shares from this day on; round lots before. */
const SHARES_FROM = '2025-11-03';

export function quoteDay(symbol: AlpacaSymbol, day: IsoDay, seed: number): QuoteDay {
  const daySeed = hashText(`${symbol.symbol} ${day} quotes`, seed);
  const midnight = newYorkMidnight(day);
  const count = nyse.isSession(day) ? countOf(symbol, day, daySeed) : 0;
  const early = nyseEarlyClose(day) !== undefined;
  const until = cumulated(count, early);
  const mids = minuteMids(symbol, daySeed);
  const sizes = day >= SHARES_FROM ? 100 : 1;
  const hashAt = (i: number): number => mix32(daySeed + Math.imul(i + 1, GOLDEN)) >>> 0;
  const minuteOf = (i: number): number => {
    let [low, high] = [0, MINUTES - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((until[middle + 1] ?? 0) > i) high = middle;
      else low = middle + 1;
    }
    return low;
  };

  function slotTime(i: number, minute: number, hash: number): number {
    const from = until[minute] ?? 0;
    const many = (until[minute + 1] ?? 0) - from;
    const slot = Math.floor(((i - from) * MINUTE_NS) / many);
    const exact = slot + Math.floor(((hash >>> 8) / 0x1000000) * 0.9 * (MINUTE_NS / many));
    // Some clocks know milliseconds only.
    const coarse = Math.floor(exact / 1e6) * 1e6;
    return (FIRST_MINUTE + minute) * MINUTE_NS + ((hash & 7) === 0 && coarse >= slot ? coarse : exact);
  }

  /** The quote whose nanosecond this one shares: its own, or one shortly before in the same minute. */
  function timedBy(i: number, minute: number): number {
    const from = until[minute] ?? 0;
    let at = i;
    while (at > from && (hashAt(at) & 15) === 3) at--;
    return at;
  }

  /** One in thirty says again what the one before it said at the same moment. */
  function saidBy(i: number, minute: number): number {
    const from = until[minute] ?? 0;
    let at = i;
    while (at > from && (hashAt(at) & 31) === 3) at--;
    return at;
  }

  const timeIn = (i: number, minute: number): number => {
    const at = timedBy(i, minute);
    return slotTime(at, minute, hashAt(at));
  };

  return {
    count,
    midnight,
    timeOf: (i) => timeIn(i, minuteOf(i)),
    read: (i, target) => {
      const minute = minuteOf(i);
      const said = saidBy(i, minute);
      const hash = hashAt(said);
      // Prices stay for a few quotes while sizes move.
      const price = hashAt(-2 - (said >> 2));
      const mid = (mids[minute] ?? 1) + (price % 7) - 3;
      const odd = hash % 600;
      const spread = odd === 7 ? 0 : odd === 8 ? -1 : 1 + ((price >>> 5) & 3);
      target.time = timeIn(i, minute);
      target.bid = odd === 1 ? 0 : Math.max(1, mid);
      target.ask = odd === 2 ? 0 : Math.max(1, mid + spread);
      target.bidSize = odd === 1 ? 0 : sizes * (1 + ((hash >>> 10) % 9));
      target.askSize = odd === 2 ? 0 : sizes * (1 + ((hash >>> 14) % 9));
      target.hash = hash;
    },
    firstFrom: (ns) => {
      let [low, high] = [0, count];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (timeIn(middle, minuteOf(middle)) >= ns) high = middle;
        else low = middle + 1;
      }
      return low;
    },
  };
}

/** Between three quarters and five quarters of the usual; quieter on Mondays. */
function countOf({ share }: AlpacaSymbol, day: IsoDay, seed: number): number {
  const swing = 0.75 + ((seed >>> 4) % 1000) / 2000;
  return Math.max(1, Math.round(share * swing * (weekday(day) === 1 ? 0.95 : 1.0125)));
}

/** How many quotes stand before each minute, and after the last. */
function cumulated(count: number, early: boolean): Int32Array {
  const close = early ? 13 * 60 : CLOSE;
  const last = early ? 17 * 60 : LAST_MINUTE;
  const weights = Array.from({ length: MINUTES }, (_, i) => weightOf(FIRST_MINUTE + i, close, last));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const until = new Int32Array(MINUTES + 1);
  let reached = 0;
  for (const [i, weight] of weights.entries()) {
    reached += weight;
    until[i + 1] = Math.round((count * reached) / total);
  }
  return until;
}

function weightOf(minute: number, close: number, last: number): number {
  if (minute >= last) return 0;
  if (minute < OPEN || minute >= close) return 0.12;
  const across = (minute - OPEN) / (close - OPEN);
  return 1 + 3 * (2 * across - 1) ** 4;
}

/** A random walk of the day's minutes, round the symbol's price, in ticks. */
function minuteMids({ ticks }: AlpacaSymbol, seed: number): Int32Array {
  const mids = new Int32Array(MINUTES);
  const step = Math.max(1, Math.round(ticks / 4000));
  let mid = ticks + (((seed >>> 3) % 2001) - 1000) * Math.max(1, Math.round(ticks / 40_000));
  for (let i = 0; i < MINUTES; i++) {
    mid += ((mix32(seed ^ Math.imul(i + 7, GOLDEN)) >>> 0) % (2 * step + 1)) - step;
    mids[i] = Math.max(5, mid);
  }
  return mids;
}
