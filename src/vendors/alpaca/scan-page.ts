/**
 * A page's quotes straight from its bytes into lines of text: without an object a quote this takes a quarter of the
 * time, and a year of a busy symbol is ten million quotes. It knows the plain form alone (the keys of a quote in any
 * order, numbers without exponents, texts without escapes, ascending moments of the day); whatever else a page holds
 * is for parsePage to read or to refuse. A test holds the two to the same lines.
 */
import { nextOrd, type QuoteLines } from '#market/quotes/quote-lines.js';
import { OddPage, parsePage } from './page.js';

export interface ScannedPage {
  readonly count: number;
  readonly next: string | undefined;
}

/** Whole seconds since the epoch, the second excluded. */
export interface DaySeconds {
  readonly from: number;
  readonly to: number;
}

const [QUOTE, COMMA, DOT, MINUS, ZERO, NINE, COLON, BACKSLASH] = [34, 44, 46, 45, 48, 57, 58, 92];
const [OPEN, CLOSE, OPEN_LIST, CLOSE_LIST, BLANK, LAST_PLAIN, Z, NEWLINE] = [
  123, 125, 91, 93, 32, 126, 90, 10,
];
const QUOTES = Buffer.from('"quotes":[');
const STAMP = 19;

/** Places of a quote's values in the page, by their keys: begin and end of each. */
const [AP, AS, AX, BP, BS, BX, C, T, TAPE, KEYS] = [0, 2, 4, 6, 8, 10, 12, 14, 16, 18];

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
  const places = new Int32Array(KEYS);
  const clock: Clock = { seconds: 0, nanoseconds: 0, known: -1, minute: 0 };
  let at = from;
  if (page[at] === CLOSE_LIST) return at;
  for (;;) {
    places.fill(-1);
    at = scanQuote(page, at, places);
    if (at < 0 || !readStamp(page, places[T] ?? -1, places[T + 1] ?? -1, clock)) return undefined;
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

/** Returns the place behind the quote's brace, or -1. */
function scanQuote(page: Buffer, from: number, places: Int32Array): number {
  let at = from;
  if (page[at++] !== OPEN) return -1;
  for (;;) {
    if (page[at++] !== QUOTE) return -1;
    const key = keyOf(page, at);
    if (key < 0 || places[key] !== -1) return -1;
    at += key === C || key === T || key === TAPE ? 1 : 2;
    if (page[at] !== QUOTE || page[at + 1] !== COLON) return -1;
    const begin = at + 2;
    at =
      key === C
        ? listEnd(page, begin)
        : key === AX || key >= T || key === BX
          ? textEnd(page, begin)
          : numberEnd(page, begin);
    if (at < 0) return -1;
    places[key] = begin;
    places[key + 1] = at;
    const sign = page[at++];
    if (sign === CLOSE) return at;
    if (sign !== COMMA) return -1;
  }
}

/** `ap`, `as`, `ax`, `bp`, `bs`, `bx`, `c`, `t`, `z`. */
function keyOf(page: Buffer, at: number): number {
  const first = page[at];
  if (first === 99) return C;
  if (first === 116) return T;
  if (first === 122) return TAPE;
  const side = first === 97 ? AP : first === 98 ? BP : -1;
  const second = page[at + 1];
  if (side < 0) return -1;
  return second === 112 ? side : second === 115 ? side + AS : second === 120 ? side + AX : -1;
}

/** Digits with at most one point within them. */
function numberEnd(page: Buffer, from: number): number {
  let at = page[from] === MINUS ? from + 1 : from;
  let points = 0;
  const first = at;
  for (; ; at++) {
    const sign = page[at] ?? 0;
    if (sign === DOT) points++;
    else if (sign < ZERO || sign > NINE) break;
  }
  const isNumber = at > first && points <= 1 && page[first] !== DOT && page[at - 1] !== DOT;
  const hasZeros = page[first] === ZERO && at > first + 1 && page[first + 1] !== DOT;
  return isNumber && !hasZeros ? at : -1;
}

/** Between quotes, nothing that a line would have to quote. */
function textEnd(page: Buffer, from: number): number {
  if (page[from] !== QUOTE) return -1;
  for (let at = from + 1; ; at++) {
    const sign = page[at] ?? 0;
    if (sign === QUOTE) return at + 1;
    if (sign < BLANK || sign > LAST_PLAIN || sign === BACKSLASH || sign === COMMA) return -1;
  }
}

/** A list of texts, none of them empty or with blanks. */
function listEnd(page: Buffer, from: number): number {
  if (page[from] !== OPEN_LIST) return -1;
  let at = from + 1;
  for (;;) {
    const end = textEnd(page, at);
    if (end < at + 3) return -1;
    for (let i = at; i < end; i++) if (page[i] === BLANK) return -1;
    if (page[end] === CLOSE_LIST) return end + 1;
    if (page[end] !== COMMA) return -1;
    at = end + 1;
  }
}

/** Where a stamp is read to. The text of a minute is read once: hundreds of quotes share it. */
interface Clock {
  seconds: number;
  nanoseconds: number;
  /** Where a stamp of the minute that is known begins in the page, and what that minute is; -1 before the first. */
  known: number;
  minute: number;
}

/** `2024-01-02T14:30`. */
const MINUTE = 16;

/** A stamp with its quotes; false where it is none. */
function readStamp(page: Buffer, begin: number, end: number, clock: Clock): boolean {
  const from = begin + 1;
  const length = end - 1 - from;
  if (begin < 0 || length < STAMP + 1 || length > STAMP + 11 || page[end - 2] !== Z) return false;
  if (clock.known < 0 || !sameMinute(page, clock.known, from)) {
    const text = page.toString('latin1', from, from + MINUTE);
    const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text) ? Date.parse(`${text}:00Z`) : Number.NaN;
    if (!(ms >= 1e12)) return false;
    clock.minute = ms / 1000;
    clock.known = from;
  }
  const tens = (page[from + MINUTE + 1] ?? 0) - ZERO;
  const ones = (page[from + MINUTE + 2] ?? 0) - ZERO;
  if (page[from + MINUTE] !== COLON || tens < 0 || tens > 5 || ones < 0 || ones > 9) return false;
  clock.seconds = clock.minute + 10 * tens + ones;
  clock.nanoseconds = 0;
  if (length === STAMP + 1) return true;
  if (page[from + STAMP] !== DOT || length === STAMP + 2) return false;
  let unit = 100_000_000;
  for (let at = from + STAMP + 1; at < end - 2; at++) {
    const digit = (page[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return false;
    clock.nanoseconds += digit * unit;
    unit = (unit / 10) | 0;
  }
  return true;
}

function sameMinute(page: Buffer, a: number, b: number): boolean {
  // From the end: what differs, differs there.
  for (let i = MINUTE - 1; i >= 0; i--) if (page[a + i] !== page[b + i]) return false;
  return true;
}

/** Of seconds since 2001, below 2^31 of them. */
const SECOND_DIGITS = 10;

/** The beginning of a line. */
function writeMoment({ seconds, nanoseconds }: Clock, ord: number, lines: QuoteLines): void {
  const { target } = lines;
  writeDigits(target, lines.at, seconds, SECOND_DIGITS);
  writeDigits(target, lines.at + SECOND_DIGITS, nanoseconds, 9);
  let at = lines.at + SECOND_DIGITS + 9;
  target[at++] = COMMA;
  if (ord < 10) target[at++] = ZERO + ord;
  else at += target.write(String(ord), at, 'latin1');
  lines.at = at;
}

function writeDigits(target: Buffer, at: number, value: number, digits: number): void {
  let rest = value;
  for (let i = at + digits - 1; i >= at; i--) {
    const tenth = (rest / 10) | 0;
    target[i] = ZERO + rest - tenth * 10;
    rest = tenth;
  }
}

/** The rest of a line, in the order of its columns. */
function writeSides(page: Buffer, places: Int32Array, lines: QuoteLines): void {
  const { target } = lines;
  let { at } = lines;
  at = copyNumber(page, places, BP, target, at);
  at = copyNumber(page, places, BS, target, at);
  at = copyText(page, places, BX, target, at);
  at = copyNumber(page, places, AP, target, at);
  at = copyNumber(page, places, AS, target, at);
  at = copyText(page, places, AX, target, at);
  at = copyList(page, places[C] ?? -1, places[C + 1] ?? -1, target, at);
  at = copyText(page, places, TAPE, target, at);
  target[at++] = COMMA;
  target[at++] = NEWLINE;
  lines.at = at;
}

function copyNumber(page: Buffer, places: Int32Array, key: number, target: Buffer, start: number): number {
  let at = start;
  target[at++] = COMMA;
  const end = places[key + 1] ?? -1;
  for (let i = places[key] ?? -1; i >= 0 && i < end; i++) target[at++] = page[i] ?? 0;
  return at;
}

/** A blank is an exchange that there is none of. */
function copyText(page: Buffer, places: Int32Array, key: number, target: Buffer, start: number): number {
  let at = start;
  target[at++] = COMMA;
  const begin = (places[key] ?? -1) + 1;
  const end = (places[key + 1] ?? -1) - 1;
  if (begin <= 0 || (end - begin === 1 && page[begin] === BLANK)) return at;
  for (let i = begin; i < end; i++) target[at++] = page[i] ?? 0;
  return at;
}

/** `["R"]` is R; several are between quotes, with commas between them. */
function copyList(page: Buffer, begin: number, end: number, target: Buffer, start: number): number {
  let at = start;
  target[at++] = COMMA;
  if (begin < 0) return at;
  let texts = 1;
  for (let i = begin; i < end; i++) if (page[i] === COMMA) texts++;
  if (texts > 1) target[at++] = QUOTE;
  for (let i = begin + 1; i < end - 1; i++) if (page[i] !== QUOTE) target[at++] = page[i] ?? 0;
  if (texts > 1) target[at++] = QUOTE;
  return at;
}
