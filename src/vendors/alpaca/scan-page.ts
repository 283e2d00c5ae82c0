/**
 * A page's quotes straight from its bytes into lines of text: without an object a quote this takes a quarter of the
 * time, and a year of a busy symbol is ten million quotes. It knows the plain form alone (the keys of a quote in any
 * order, numbers without exponents, texts without escapes, ascending moments of the day); whatever else a page holds
 * is for parsePage to read or to refuse. A test holds the two to the same lines.
 */
import { nextOrd, type QuoteLines } from '#market/quotes/quote-lines.js';
import { writeMoment, writeSides } from './line-bytes.js';
import { OddPage, parsePage } from './page.js';
import { PLACES, STAMP_PLACE, scanQuote } from './scan-quote.js';
import { type Clock, readStamp } from './scan-stamp.js';

export interface ScannedPage {
  readonly count: number;
  readonly next: string | undefined;
}

/** Whole seconds since the epoch, the second excluded. */
export interface DaySeconds {
  readonly from: number;
  readonly to: number;
}

const [COMMA, CLOSE_LIST] = [44, 93];
const QUOTES = Buffer.from('"quotes":[');

/**
 * Takes the page's quotes as lines; undefined where it is not in the plain form, and then nothing is taken.
 * `symbol`: whose quotes were asked for.
 */
export function scanPage(
  page: Buffer,
  symbol: string,
  lines: QuoteLines,
  day: DaySeconds,
): ScannedPage | undefined {
  const begin = page.indexOf(QUOTES);
  if (begin < 0) return undefined;
  // A line is shorter than the quote in JSON.
  lines.makeRoom(page.length);
  const { at, rows, seconds, nanoseconds, ord } = lines;
  const end = scanQuotes(page, begin + QUOTES.length, lines, day);
  const rest = end === undefined ? undefined : restOf(page, begin + QUOTES.length, end, symbol);
  if (rest === undefined) {
    Object.assign(lines, { at, rows, seconds, nanoseconds, ord });
    return undefined;
  }
  return { count: lines.rows - rows, next: rest.next };
}

/** What the page says besides its quotes. */
function restOf(
  page: Buffer,
  from: number,
  to: number,
  symbol: string,
): { readonly next: string | undefined } | undefined {
  try {
    return parsePage(page.toString('utf8', 0, from) + page.toString('utf8', to), symbol);
  } catch (error) {
    if (error instanceof OddPage) return undefined;
    throw error;
  }
}

/** Returns where the list ends (its bracket), or undefined. */
function scanQuotes(page: Buffer, from: number, lines: QuoteLines, day: DaySeconds): number | undefined {
  const places = new Int32Array(PLACES);
  const clock: Clock = { seconds: 0, nanoseconds: 0, known: -1, minute: 0 };
  let at = from;
  if (page[at] === CLOSE_LIST) return at;
  for (;;) {
    places.fill(-1);
    at = scanQuote(page, at, places);
    if (at < 0 || !readStamp(page, places[STAMP_PLACE] ?? -1, places[STAMP_PLACE + 1] ?? -1, clock))
      return undefined;
    const { seconds, nanoseconds } = clock;
    if (seconds < day.from || seconds >= day.to) return undefined;
    if (seconds < lines.seconds || (seconds === lines.seconds && nanoseconds < lines.nanoseconds))
      return undefined;
    writeMoment(clock, nextOrd(lines, seconds, nanoseconds), lines);
    writeSides(page, places, lines);
    lines.rows++;
    const sign = page[at++];
    if (sign === CLOSE_LIST) return at - 1;
    if (sign !== COMMA) return undefined;
  }
}
