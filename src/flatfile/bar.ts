/**
 * What makes a record a bar: every column there, a ticker, five numbers, and 0 < low <= open, close <= high. Anything else stays
 * in the archive as the vendor wrote it and is left out of the series. Both parsers of day files judge by this one function.
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
  /**
   * Of each field, whether it is a plain number (isPlainNumber), and its value where that can be held exactly (nanoUnits), or -1.
   * A scanner measures while it looks for the commas; `measure` does it for fields that come from elsewhere.
   */
  readonly plain: Uint8Array;
  readonly nano: Float64Array;
  /** Whether some byte of the record is above 0x7f. */
  hasHighBytes: boolean;
}

export function newFields(bytes: Uint8Array): Fields {
  return {
    bytes,
    starts: new Int32Array(MAX_FIELDS),
    ends: new Int32Array(MAX_FIELDS),
    count: 0,
    plain: new Uint8Array(MAX_FIELDS),
    nano: new Float64Array(MAX_FIELDS),
    hasHighBytes: false,
  };
}

/** Measures the fields where they stand. */
export function measure(fields: Fields): void {
  const { bytes, starts, ends } = fields;
  const kept = Math.min(fields.count, MAX_FIELDS);
  for (let i = 0; i < kept; i++) {
    const start = starts[i] as number;
    const end = ends[i] as number;
    fields.plain[i] = isPlainNumber(bytes, start, end) ? 1 : 0;
    fields.nano[i] = nanoUnits(bytes, start, end);
  }
  fields.hasHighBytes = true;
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
] as const;

export function judge(fields: Fields, columns: Columns): number {
  if (fields.count !== columns.count) return fields.count < columns.count ? 1 : 2;
  const { bytes, starts, ends } = fields;
  const tickerStart = starts[columns.ticker] as number;
  const tickerEnd = ends[columns.ticker] as number;
  if (tickerStart === tickerEnd) return 3;
  if (fields.hasHighBytes && !isUtf8(bytes.subarray(tickerStart, tickerEnd))) return 4;
  const { plain, nano } = fields;
  const { open, high, low, close } = columns;
  if (plain[columns.volume] === 1) {
    const o = nano[open] as number;
    const h = nano[high] as number;
    const l = nano[low] as number;
    const c = nano[close] as number;
    if (o >= 0 && h >= 0 && l >= 0 && c >= 0) {
      if (h < l) return 10;
      if (o < l || c < l || o > h || c > h) return 11;
      return l === 0 ? 12 : 0;
    }
  }
  return judgeSlowly(fields, columns);
}

function judgeSlowly(fields: Fields, columns: Columns): number {
  const plain: string[] = [];
  const order = [columns.open, columns.high, columns.low, columns.close, columns.volume];
  for (const [i, column] of order.entries()) {
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
  return compareDecimal(l, '0') === 0 ? 12 : 0;
}

/** The series line of a bar behind its date: `Open,High,Low,Close,Volume`, useless zeros dropped. */
export function barValues(fields: Fields, columns: Columns): string {
  const value = (column: number): string => trimDecimal(plainDecimal(fieldText(fields, column)));
  const { open, high, low, close, volume } = columns;
  return `${value(open)},${value(high)},${value(low)},${value(close)},${value(volume)}`;
}

function fieldText(fields: Fields, column: number): string {
  const bytes = fields.bytes.subarray(fields.starts[column], fields.ends[column]);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
