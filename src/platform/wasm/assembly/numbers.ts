/**
 * The fields of a text (RFC 4180) that a database would have to take on trust: numbers of more digits than a
 * double is sure to give back, what is no number at all, and lines of another width than the header's.
 * Everything else is proved by its length.
 */
import { RECORD_STARTS, RECORDS, TEXT, TICKER_ENDS, TICKER_STARTS } from './places';

const QUOTE: i32 = 34;
const COMMA: i32 = 44;
const POINT: i32 = 46;
const SLASH: i32 = 47;
const NEWLINE: i32 = 10;
const RETURN: i32 = 13;
const ZERO: i32 = 48;
/** A decimal of so many digits is that of its double (DBL_DIG of IEEE 754's binary64). */
const SURE_DIGITS: i32 = 15;
/** Whole numbers of so many digits that begin with at most this one fit 64 bits. */
const LONG_DIGITS: i32 = 19;
const MOST_FIRST: i32 = 56;

let bytes: i32 = 0;
let lines: i32 = 0;
let ordered: bool = true;
/**
 * The ticker and the moment of the line before, which may lie in an earlier text: at most 64 bytes of each
 * are kept.
 */
const KEPT: i32 = 64;
const LAST_TICKER: usize = memory.data(64, 16);
const LAST_STAMP: usize = memory.data(64, 16);
let lastTickerBytes: i32 = -1;
let lastStampBytes: i32 = 0;

/** Bytes that the lines of the latest call take. */
export function provedBytes(): i32 {
  return bytes;
}

/** Lines of the right width, since `beginProof`. */
export function provedLines(): i32 {
  return lines;
}

/** Whether they ascend by ticker bytes, and those of a ticker by their moment, since `beginProof`. */
export function areOrdered(): bool {
  return ordered;
}

export function beginProof(): void {
  lines = 0;
  ordered = true;
  lastTickerBytes = -1;
}

/**
 * The text at TEXT, whole lines. `decimals` and `wholes`: bit sets of the columns that hold numbers; `stamp`:
 * -1 for none. Returns how many fields are to be looked at: their column, start and end (offsets of the text)
 * are left below, column -1 for a line of another width, which may be empty. Stops early where that is full.
 */
export function proveNumbers(
  length: i32,
  columns: i32,
  decimals: u64,
  wholes: u64,
  ticker: i32,
  stamp: i32,
): i32 {
  const end = TEXT + <usize>length;
  const commas = i8x16.splat(<i8>COMMA);
  const newlines = i8x16.splat(<i8>NEWLINE);
  const quotes = i8x16.splat(<i8>QUOTE);
  let isQuoted = false;
  let unsure: usize = 0;
  let column = 0;
  let start = TEXT;
  let fieldStart = TEXT;
  let tickerStart: usize = 0;
  let tickerEnd: usize = 0;
  let stampStart: usize = 0;
  let stampEnd: usize = 0;
  bytes = 0;
  for (let block = TEXT; block < end; block += 16) {
    const sixteen = v128.load(block);
    let found = i8x16.bitmask(
      v128.or(v128.or(i8x16.eq(sixteen, commas), i8x16.eq(sixteen, newlines)), i8x16.eq(sixteen, quotes)),
    );
    for (; found !== 0; found &= found - 1) {
      const at = block + <usize>ctz(found);
      if (at >= end) break;
      const byte: i32 = load<u8>(at);
      if (byte === QUOTE) isQuoted = !isQuoted;
      if (isQuoted || byte === QUOTE) continue;
      const isEnd = byte === NEWLINE;
      const fieldEnd = isEnd && at > fieldStart && load<u8>(at - 1) === RETURN ? at - 1 : at;
      const bit: u64 = column < 64 ? (<u64>1) << (<u64>column) : 0;
      if (
        ((decimals & bit) !== 0 && !isSureDecimal(fieldStart, fieldEnd)) ||
        ((wholes & bit) !== 0 && !isSureWhole(fieldStart, fieldEnd))
      ) {
        put(unsure++, column, fieldStart, fieldEnd);
      }
      if (column === ticker) {
        tickerStart = fieldStart;
        tickerEnd = fieldEnd;
      }
      if (column === stamp) {
        stampStart = fieldStart;
        stampEnd = fieldEnd;
      }
      column++;
      fieldStart = at + 1;
      if (!isEnd) continue;
      if (column === columns) {
        lines++;
        if (ordered) ordered = follows(tickerStart, tickerEnd, stampStart, stampEnd);
      } else {
        put(unsure++, -1, start, fieldEnd);
      }
      column = 0;
      start = at + 1;
      bytes = <i32>(start - TEXT);
      if (unsure + 64 > <usize>RECORDS) return <i32>unsure;
    }
  }
  return <i32>unsure;
}

function put(i: usize, column: i32, start: usize, end: usize): void {
  if (i >= <usize>RECORDS) return;
  store<i32>(RECORD_STARTS + (i << 2), column);
  store<u32>(TICKER_STARTS + (i << 2), <u32>(start - TEXT));
  store<u32>(TICKER_ENDS + (i << 2), <u32>(end - TEXT));
}

/** Nothing, or at most 15 digits with at most one point among them. */
function isSureDecimal(start: usize, end: usize): bool {
  const length = <i32>(end - start);
  if (length === 0) return true;
  if (length > SURE_DIGITS + 1) return false;
  const field = v128.load(start);
  const mask = (1 << length) - 1;
  const shifted = i8x16.sub(field, i8x16.splat(<i8>POINT));
  const inside = i8x16.bitmask(i8x16.le_u(shifted, i8x16.splat(11))) & mask;
  const slashes = i8x16.bitmask(i8x16.eq(field, i8x16.splat(<i8>SLASH))) & mask;
  const points = i8x16.bitmask(i8x16.eq(field, i8x16.splat(<i8>POINT))) & mask;
  if (inside !== mask || slashes !== 0 || (points & (points - 1)) !== 0) return false;
  const digits = length - (points === 0 ? 0 : 1);
  return digits > 0 && digits <= SURE_DIGITS;
}

/** Nothing, or digits that fit 64 bits with a sign. */
function isSureWhole(start: usize, end: usize): bool {
  const length = <i32>(end - start);
  if (length === 0) return true;
  if (length > LONG_DIGITS || (length === LONG_DIGITS && <i32>load<u8>(start) > MOST_FIRST)) return false;
  for (let i = start; i < end; i++) if (<u32>(<i32>load<u8>(i) - ZERO) > 9) return false;
  return true;
}

/** Whether the line does not come before the one that was kept; keeps it. */
function follows(tickerStart: usize, tickerEnd: usize, stampStart: usize, stampEnd: usize): bool {
  const tickerBytes = <i32>(tickerEnd - tickerStart);
  const stampBytes = <i32>(stampEnd - stampStart);
  if (tickerBytes > KEPT || stampBytes > KEPT) return false;
  const isFirst = lastTickerBytes < 0;
  const byTicker = isFirst ? 1 : compare(LAST_TICKER, lastTickerBytes, tickerStart, tickerBytes);
  if (byTicker < 0) return false;
  // Moments of one number of digits compare as text.
  if (byTicker === 0) {
    if (stampBytes < lastStampBytes) return false;
    if (stampBytes === lastStampBytes && compare(LAST_STAMP, lastStampBytes, stampStart, stampBytes) < 0)
      return false;
  } else {
    memory.copy(LAST_TICKER, tickerStart, <usize>tickerBytes);
    lastTickerBytes = tickerBytes;
  }
  memory.copy(LAST_STAMP, stampStart, <usize>stampBytes);
  lastStampBytes = stampBytes;
  return true;
}

/** Above 0 where the second comes behind the first, by bytes. */
function compare(a: usize, aBytes: i32, b: usize, bBytes: i32): i32 {
  const shorter = aBytes < bBytes ? aBytes : bBytes;
  for (let i: usize = 0; i < <usize>shorter; i++) {
    const difference = <i32>load<u8>(b + i) - <i32>load<u8>(a + i);
    if (difference !== 0) return difference;
  }
  return bBytes - aBytes;
}
