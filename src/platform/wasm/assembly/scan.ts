/**
 * The records of a text that holds no quote: a line is a record, a comma ends a field, `\n` or `\r\n` ends a
 * line; an empty line is none and belongs to the record before it. Separators are found sixteen bytes at a
 * time.
 */
import { RECORD_STARTS, RECORDS, TEXT, TICKER_ENDS, TICKER_STARTS, VERDICTS } from './places';

const COMMA: i32 = 44;
const POINT: i32 = 46;
const NEWLINE: i32 = 10;
const RETURN: i32 = 13;
const ZERO: i32 = 48;
/** Of the fields of a record no more are kept: no record of as many columns is asked for. */
const MOST_FIELDS: i32 = 64;

/** Start and end of each field of the record, 32 bits each. */
const SPANS: usize = memory.data(64 * 8, 16);

/** By digits behind the point, what makes them billionths. */
const POWERS: usize = memory.data<i64>([
  1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1,
]);

/** What of a record is left for a closer look; 0 is a bar. */
const UNSURE: u8 = 255;

let bytes: i32 = 0;
let sorted: bool = true;
let unsure: i32 = 0;

/** Bytes that the records of the latest scan take, with the empty lines behind them. */
export function scannedBytes(): i32 {
  return bytes;
}

/** Whether the tickers of the latest scan ascend by their bytes, equal ones allowed. */
export function areSorted(): bool {
  return sorted;
}

/** How many records of the latest scan are to be looked at more closely. */
export function unsureRecords(): i32 {
  return unsure;
}

/**
 * The text at TEXT, which begins with a record. `columns`: how many a record has; the others are places of
 * columns, `open` -1 where records have no prices and `volume` -1 where they have none. `base`: what is added
 * to all offsets. Returns how many whole lines became records: at most RECORDS, and none of a line that has
 * no end. A ticker that is not there has an empty span.
 */
export function scan(
  length: i32,
  base: i32,
  columns: i32,
  ticker: i32,
  open: i32,
  high: i32,
  low: i32,
  close: i32,
  volume: i32,
): i32 {
  const end = TEXT + <usize>length;
  const commas = i8x16.splat(<i8>COMMA);
  const newlines = i8x16.splat(<i8>NEWLINE);
  let records: usize = 0;
  let count = 0;
  let start = TEXT;
  let fieldStart = TEXT;
  let lastTicker: usize = 0;
  let lastTickerEnd: usize = 0;
  bytes = 0;
  sorted = true;
  unsure = 0;
  const origin = TEXT - <usize>base;
  for (let block = TEXT; block < end; block += 16) {
    const sixteen = v128.load(block);
    let found = i8x16.bitmask(v128.or(i8x16.eq(sixteen, commas), i8x16.eq(sixteen, newlines)));
    for (; found !== 0; found &= found - 1) {
      const at = block + <usize>ctz(found);
      if (at >= end) break;
      if (load<u8>(at) === COMMA) {
        if (count < MOST_FIELDS) putSpan(count, fieldStart, at);
        count++;
        fieldStart = at + 1;
        continue;
      }
      const lineEnd = at > fieldStart && load<u8>(at - 1) === RETURN ? at - 1 : at;
      if (count > 0 || lineEnd > start) {
        if (records === <usize>RECORDS) return <i32>records;
        if (count < MOST_FIELDS) putSpan(count, fieldStart, lineEnd);
        count++;
        const hasTicker = ticker < count;
        const tickerStart = hasTicker ? spanStart(ticker) : TEXT;
        const tickerEnd = hasTicker ? spanEnd(ticker) : TEXT;
        store<u32>(RECORD_STARTS + (records << 2), <u32>(start - origin));
        store<u32>(TICKER_STARTS + (records << 2), <u32>(tickerStart - origin));
        store<u32>(TICKER_ENDS + (records << 2), <u32>(tickerEnd - origin));
        const isBar =
          count === columns &&
          isPlainTicker(tickerStart, tickerEnd) &&
          (open < 0 || arePlainPrices(open, high, low, close)) &&
          (volume < 0 || isPlainNumber(spanStart(volume), spanEnd(volume)));
        store<u8>(VERDICTS + records, isBar ? 0 : UNSURE);
        if (!isBar) unsure++;
        if (sorted && records > 0) sorted = ascend(lastTicker, lastTickerEnd, tickerStart, tickerEnd);
        lastTicker = tickerStart;
        lastTickerEnd = tickerEnd;
        records++;
      }
      count = 0;
      start = at + 1;
      fieldStart = start;
      bytes = <i32>(start - TEXT);
    }
  }
  return <i32>records;
}

function putSpan(field: i32, start: usize, end: usize): void {
  const at = SPANS + ((<usize>field) << 3);
  store<u32>(at, <u32>start);
  store<u32>(at, <u32>end, 4);
}

function spanStart(field: i32): usize {
  return <usize>load<u32>(SPANS + ((<usize>field) << 3));
}

function spanEnd(field: i32): usize {
  return <usize>load<u32>(SPANS + ((<usize>field) << 3), 4);
}

function isPlainTicker(start: usize, end: usize): bool {
  if (start === end) return false;
  // Neither a control character nor a byte beyond ASCII.
  for (let i = start; i < end; i++) if (<u32>(<i32>load<u8>(i) - 0x20) > 0x5e) return false;
  return true;
}

function arePlainPrices(open: i32, high: i32, low: i32, close: i32): bool {
  const o = billionths(spanStart(open), spanEnd(open));
  const h = billionths(spanStart(high), spanEnd(high));
  const l = billionths(spanStart(low), spanEnd(low));
  const c = billionths(spanStart(close), spanEnd(close));
  return l > 0 && o >= l && c >= l && h >= o && h >= c;
}

/** -1 for what is no digits, at most 9, with or without a point and at most 9 digits behind it. */
function billionths(start: usize, end: usize): i64 {
  let whole: i64 = 0;
  let i = start;
  for (; i < end; i++) {
    const digit = <i32>load<u8>(i) - ZERO;
    if (<u32>digit > 9) break;
    whole = whole * 10 + digit;
  }
  if (i === start || i > start + 9) return -1;
  if (i === end) return whole * 1_000_000_000;
  const decimals = end - i - 1;
  if (load<u8>(i) !== POINT || decimals === 0 || decimals > 9) return -1;
  let fraction: i64 = 0;
  for (i++; i < end; i++) {
    const digit = <i32>load<u8>(i) - ZERO;
    if (<u32>digit > 9) return -1;
    fraction = fraction * 10 + digit;
  }
  return whole * 1_000_000_000 + fraction * load<i64>(POWERS + (decimals << 3));
}

/** Digits, with at most one point between them. */
function isPlainNumber(start: usize, end: usize): bool {
  let points = 0;
  for (let i = start; i < end; i++) {
    const byte: i32 = load<u8>(i);
    if (<u32>(byte - ZERO) <= 9) continue;
    if (byte !== POINT || points > 0 || i === start || i + 1 === end) return false;
    points = 1;
  }
  return end > start;
}

/** By unsigned bytes, a prefix before what it begins. */
function ascend(a: usize, aEnd: usize, b: usize, bEnd: usize): bool {
  while (a < aEnd && b < bEnd) {
    const difference = <i32>load<u8>(b) - <i32>load<u8>(a);
    if (difference !== 0) return difference > 0;
    a++;
    b++;
  }
  return aEnd - a <= bEnd - b;
}
