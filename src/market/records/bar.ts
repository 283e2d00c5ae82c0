/**
 * What makes a record a bar: every column there, a ticker, five numbers (four where there is no volume), and
 * 0 < low <= open, close <= high (of an index also 0). Of a tick, which has no such columns, only the ticker
 * counts. Anything else stays in the archive as the vendor wrote it and is left out of the series. Both
 * parsers of day files judge by this one function.
 */
import { type Columns, MAX_FIELDS } from './columns.js';
import { compareDecimal, isDecimal, plainDecimal, trimDecimal } from './decimal.js';
import { isPlainNumber, nanoUnits } from './number.js';

/** The fields of one record, unquoted, as spans of `bytes`. Reused from record to record. */
export interface Fields {
  bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  count: number;
}

export function newFields(bytes: Uint8Array): Fields {
  return { bytes, starts: new Int32Array(MAX_FIELDS), ends: new Int32Array(MAX_FIELDS), count: 0 };
}

/** Why a record is no bar, by the number that `judge` returns; 0 is a bar. */
export const VERDICTS = [
  'a bar',
  'too few fields',
  'too many fields',
  'no ticker',
  'the ticker is not UTF-8',
  'open is not a number',
  'high is not a number',
  'low is not a number',
  'close is not a number',
  'volume is not a number',
  'high is below low',
  'open or close is outside low and high',
  'a price is zero',
  'control characters in the ticker',
] as const;

export function judge(fields: Fields, columns: Columns): number {
  if (fields.count !== columns.count) return fields.count < columns.count ? 1 : 2;
  const { bytes, starts, ends } = fields;
  const tickerStart = starts[columns.ticker] as number;
  const tickerEnd = ends[columns.ticker] as number;
  if (tickerStart === tickerEnd) return 3;
  const verdict = judgeTicker(bytes, tickerStart, tickerEnd);
  if (verdict !== 0) return verdict;
  if (columns.open < 0) return 0;
  const { open, high, low, close, volume } = columns;
  const o = nanoUnits(bytes, starts[open] as number, ends[open] as number);
  const h = nanoUnits(bytes, starts[high] as number, ends[high] as number);
  const l = nanoUnits(bytes, starts[low] as number, ends[low] as number);
  const c = nanoUnits(bytes, starts[close] as number, ends[close] as number);
  if (
    o >= 0 &&
    h >= 0 &&
    l >= 0 &&
    c >= 0 &&
    (volume < 0 || isPlainNumber(bytes, starts[volume] as number, ends[volume] as number))
  ) {
    if (h < l) return 10;
    if (o < l || c < l || o > h || c > h) return 11;
    return isPriceOfNothing(l === 0, h === 0, columns) ? 12 : 0;
  }
  return judgeSlowly(fields, columns);
}

function judgeSlowly(fields: Fields, columns: Columns): number {
  const plain: string[] = [];
  const order = [columns.open, columns.high, columns.low, columns.close, columns.volume];
  for (const [i, column] of order.entries()) {
    if (column < 0) continue;
    const text = fieldText(fields, column);
    if (!isDecimal(text)) return 5 + i;
    plain.push(plainDecimal(text));
  }
  const [o, h, l, c] = plain as [string, string, string, string];
  if (compareDecimal(h, l) < 0) return 10;
  const outside =
    compareDecimal(o, l) < 0 ||
    compareDecimal(c, l) < 0 ||
    compareDecimal(o, h) > 0 ||
    compareDecimal(c, h) > 0;
  if (outside) return 11;
  const isZero = (price: string): boolean => compareDecimal(price, '0') === 0;
  return isPriceOfNothing(isZero(l), isZero(h), columns) ? 12 : 0;
}

/**
 * An index can be at zero (one of dividend points is, after each reset); that all four are says that there
 * was none.
 */
function isPriceOfNothing(isLowZero: boolean, isHighZero: boolean, { records }: Columns): boolean {
  return records === 'indices' ? isHighZero : isLowZero;
}

function judgeTicker(bytes: Uint8Array, start: number, end: number): number {
  let isAscii = true;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte < 0x20 || byte === 0x7f) return 13;
    if (byte >= 0x80) isAscii = false;
  }
  if (isAscii) return 0;
  const text = utf8(bytes.subarray(start, end));
  if (text === undefined) return 4;
  return /\p{Cc}/u.test(text) ? 13 : 0;
}

/** The series line of a bar behind its date: `Open,High,Low,Close,Volume`, useless zeros dropped. */
export function barValues(fields: Fields, columns: Columns): string {
  const value = (column: number): string =>
    column < 0 ? '0' : trimDecimal(plainDecimal(fieldText(fields, column)));
  const { open, high, low, close, volume } = columns;
  return `${value(open)},${value(high)},${value(low)},${value(close)},${value(volume)}`;
}

/** As Latin-1, a character a byte. */
export function fieldText(fields: Fields, column: number): string {
  const bytes = fields.bytes.subarray(fields.starts[column], fields.ends[column]);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
