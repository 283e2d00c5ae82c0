/**
 * Which quotes are on a page, with the habits of the real one: pages shorter than asked for, pages with nothing
 * on them, and only a token of null at the end.
 */
import { addDays, type IsoDay } from '#market/calendar/iso-day.js';
import { dayIn } from '#market/calendar/zone.js';
import { hashText } from '#sandbox/market/hash.js';
import { MOST_QUOTE_BYTES, newQuoteWriter } from './page-text.js';
import { type QuoteDay, quoteDay } from './quote-day.js';
import type { AlpacaSymbol } from './symbols.js';

export interface PageWish {
  readonly symbol: AlpacaSymbol;
  /** Nanoseconds since the epoch, both included. */
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly limit: number;
  readonly token: string | undefined;
}

/** Throws RangeError for a token that is none of its own. */
export function newPager(seed: number): (wish: PageWish) => Buffer {
  const days = new Map<string, QuoteDay>();
  const dayOf = (symbol: AlpacaSymbol, day: IsoDay): QuoteDay => {
    const key = `${symbol.symbol} ${day}`;
    const made = days.get(key) ?? quoteDay(symbol, day, seed);
    if (days.size >= MOST_DAYS && !days.has(key)) days.clear();
    days.set(key, made);
    return made;
  };
  return ({ symbol, startNs, endNs, limit, token }) => {
    const lastDay = newYorkDay(endNs);
    let { day, from, isAgain } = readToken(token) ?? { day: newYorkDay(startNs), from: -1, isAgain: false };
    const hash = hashText(`${symbol.symbol} ${day} ${from} page`, seed) >>> 0;
    // One in eight tells nothing but where to go on.
    if (!isAgain && hash % 8 === 5) {
      const next = writeToken({ day, from, isAgain: true });
      return Buffer.from(answer(hash % 16 === 5 ? 'null' : '[]', symbol.symbol, next));
    }
    let room = hash % 8 === 3 ? Math.max(1, Math.floor(limit * 0.37)) : limit;
    const target = Buffer.allocUnsafe(256 + Math.min(room, 10_000) * MOST_QUOTE_BYTES);
    let at = target.write('{"quotes":[');
    let isFirst = true;
    let next: string | null = null;
    for (; day <= lastDay; day = addDays(day, 1), from = -1) {
      const quotes = dayOf(symbol, day);
      const begin = from >= 0 ? from : quotes.firstFrom(since(quotes, startNs));
      const end = quotes.firstFrom(since(quotes, endNs) + 1);
      const to = Math.min(end, begin + room);
      if (to > begin) {
        if (!isFirst) at += target.write(',', at);
        at = newQuoteWriter(quotes, symbol).write(target, at, begin, to);
        isFirst = false;
        room -= to - begin;
      }
      if (to < end) {
        next = writeToken({ day, from: to, isAgain: false });
        break;
      }
    }
    at += target.write(`],${rest(symbol.symbol, next)}`, at);
    return target.subarray(0, at);
  };
}

const MOST_DAYS = 64;

function answer(quotes: string, symbol: string, next: string | null): string {
  return `{"quotes":${quotes},${rest(symbol, next)}`;
}

function rest(symbol: string, next: string | null): string {
  return `"symbol":${JSON.stringify(symbol)},"next_page_token":${JSON.stringify(next)}}\n`;
}

/** Nanoseconds since the day's midnight, within a day's bounds and exact there. */
function since({ midnight }: QuoteDay, ns: bigint): number {
  const from = ns - BigInt(midnight) * 1_000_000n;
  return from < 0n ? -1 : from > A_DAY_AND_MORE ? Number(A_DAY_AND_MORE) : Number(from);
}

const A_DAY_AND_MORE = 90_000_000_000_000n;

function newYorkDay(ns: bigint): IsoDay {
  return dayIn('America/New_York', new Date(Number(ns / 1_000_000n)));
}

interface Place {
  readonly day: IsoDay;
  /** The next quote of the day; -1: the first that the range has. */
  readonly from: number;
  /** Whether the page before it was one with nothing. */
  readonly isAgain: boolean;
}

function writeToken({ day, from, isAgain }: Place): string {
  return Buffer.from(`${day}|${from}|${isAgain ? 1 : 0}`).toString('base64');
}

function readToken(token: string | undefined): Place | undefined {
  if (token === undefined) return undefined;
  const [, day, from, again] =
    /^(\d{4}-\d\d-\d\d)\|(-?\d{1,9})\|([01])$/.exec(Buffer.from(token, 'base64').toString()) ?? [];
  if (day === undefined) throw new RangeError('invalid page_token');
  return { day, from: Number(from), isAgain: again === '1' };
}
