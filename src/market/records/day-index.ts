/**
 * The index of one day file's text: where each record stands, its ticker and whether it is a bar. Built in
 * one pass, by a fast scanner where the text holds no quote and by a general one (RFC 4180) where it does;
 * the two, and csv-parse, agree on every text that they can read (test/market/records/parsers-agree.test.ts).
 * Nothing of the text is copied or changed.
 */

import type { DayRules } from '#market/datasets/dataset.js';
import { kernel } from '#platform/wasm/kernel.js';
import { barValues, type Fields, judge, newFields, VERDICTS } from './bar.js';
import { compareSpans, includesByte } from './bytes.js';
import type { Columns } from './columns.js';
import { type PlainTaker, type Scanned, scanPlain } from './scan-plain.js';
import { scanQuoted } from './scan-quoted.js';

export interface DayIndex {
  readonly text: Uint8Array;
  readonly columns: Columns;
  /** Bytes before the first record: a BOM, the header with its line end, blank lines. */
  readonly headerEnd: number;
  readonly records: number;
  /**
   * Offset of each record; `starts[records]` is the end of the text. Blank lines belong to the record before
   * them.
   */
  readonly starts: Int32Array;
  /** Tickers as spans of `tickerBytes`, which is the text itself unless it is quoted. */
  readonly tickerBytes: Uint8Array;
  readonly tickerStarts: Int32Array;
  readonly tickerEnds: Int32Array;
  /** An index into VERDICTS for each record. */
  readonly verdicts: Uint8Array;
  /** Whether the tickers ascend by their bytes, equal ones allowed. */
  readonly sorted: boolean;
  /** The records in ticker order (stable), or undefined where they already are. */
  readonly order: Int32Array | undefined;
  /** The fields of record `i`, in a buffer that the next call reuses. */
  fieldsOf(i: number): Fields;
}

/** A day's text is larger than a day's can be. */
export class DayLimitError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DayLimitError';
  }
}

/**
 * Throws HeaderError, DayLimitError where there are too many records, or QuoteError where a quote is never
 * closed.
 */
export function indexDay(text: Uint8Array, rules: Partial<DayRules> = {}): DayIndex {
  const { records, maxRecords = Number.POSITIVE_INFINITY } = rules;
  const bom = text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? 3 : 0;
  const quoted = includesByte(text, 0x22);
  const builder = newBuilder(text, quoted, maxRecords);
  const scanned = quoted
    ? scanQuoted(text, bom, builder.add, records)
    : scanPlain(text, bom, builder, records);
  return builder.finish(scanned.columns, scanned.headerEnd, scanned.fieldsOf);
}

function newBuilder(text: Uint8Array, quoted: boolean, maxRecords: number) {
  let capacity = Math.max(64, Math.ceil(text.length / 48));
  let starts = new Int32Array(capacity + 1);
  let tickerStarts = new Int32Array(capacity);
  let tickerEnds = new Int32Array(capacity);
  let verdicts = new Uint8Array(capacity);
  // A quoted ticker does not stand in the text as it is: copies of such tickers are kept apart.
  let copied = new Uint8Array(quoted ? 1 << 16 : 0);
  let copiedLength = 0;
  let records = 0;
  let sorted = true;

  const grow = (): void => {
    capacity *= 2;
    starts = resized(starts, new Int32Array(capacity + 1));
    tickerStarts = resized(tickerStarts, new Int32Array(capacity));
    tickerEnds = resized(tickerEnds, new Int32Array(capacity));
    verdicts = resized(verdicts, new Uint8Array(capacity));
  };

  const makeRoom = (more: number): void => {
    if (records + more > maxRecords)
      throw new DayLimitError(`it holds more than ${maxRecords} records, the dataset's limit`);
    while (records + more > capacity) grow();
  };

  /** Whether the ticker of record `i` is not below the one before it. */
  const ascends = (i: number): boolean => {
    const bytes = quoted ? copied : text;
    const [start, end] = [tickerStarts[i - 1] as number, tickerEnds[i - 1] as number];
    return compareSpans(bytes, start, end, bytes, tickerStarts[i] as number, tickerEnds[i] as number) <= 0;
  };

  const addScanned: PlainTaker['addScanned'] = (count, { columns, fieldsOf }: Scanned) => {
    makeRoom(count);
    const found = kernel();
    starts.set(found.recordStarts.subarray(0, count), records);
    tickerStarts.set(found.tickerStarts.subarray(0, count), records);
    tickerEnds.set(found.tickerEnds.subarray(0, count), records);
    verdicts.set(found.verdicts.subarray(0, count), records);
    const end = records + count;
    if (found.unsureRecords() > 0) {
      for (let i = records; i < end; i++)
        if (verdicts[i] !== 0) verdicts[i] = judge(fieldsOf(starts[i] as number, text.length), columns);
    }
    sorted &&= found.areSorted() !== 0 && (records === 0 || ascends(records));
    records = end;
  };

  const add = (start: number, fields: Fields, columns: Columns): void => {
    makeRoom(1);
    starts[records] = start;
    let from = 0;
    let to = 0;
    if (columns.ticker < fields.count) {
      from = fields.starts[columns.ticker] as number;
      to = fields.ends[columns.ticker] as number;
    }
    if (quoted) {
      const length = to - from;
      if (copiedLength + length > copied.length) {
        copied = resized(copied, new Uint8Array(Math.max(copied.length * 2, copiedLength + length)));
      }
      const { bytes } = fields;
      const copy = copiedLength;
      for (let i = from; i < to; i++) copied[copiedLength++] = bytes[i] as number;
      from = copy;
      to = copiedLength;
    }
    tickerStarts[records] = from;
    tickerEnds[records] = to;
    verdicts[records] = judge(fields, columns);
    if (sorted && records > 0) sorted = ascends(records);
    records++;
  };

  const finish = (
    columns: Columns,
    headerEnd: number,
    fieldsOf: (start: number, end: number) => Fields,
  ): DayIndex => {
    if (records === capacity) grow();
    starts[records] = text.length;
    const tickerBytes = quoted ? copied : text;
    const order = sorted ? undefined : ordered(records, tickerBytes, tickerStarts, tickerEnds);
    return {
      text,
      columns,
      headerEnd,
      records,
      starts,
      tickerBytes,
      tickerStarts,
      tickerEnds,
      verdicts,
      sorted,
      order,
      fieldsOf: (i) => fieldsOf(starts[i] as number, starts[i + 1] as number),
    };
  };
  return { add, addScanned, finish };
}

function ordered(records: number, bytes: Uint8Array, starts: Int32Array, ends: Int32Array): Int32Array {
  const order = new Int32Array(records);
  for (let i = 0; i < records; i++) order[i] = i;
  return order.sort((a, b) => {
    const byTicker = compareSpans(
      bytes,
      starts[a] as number,
      ends[a] as number,
      bytes,
      starts[b] as number,
      ends[b] as number,
    );
    return byTicker !== 0 ? byTicker : a - b;
  });
}

function resized<T extends Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** The ticker of record `i`, or its first `most` bytes. */
export function tickerOf(index: DayIndex, i: number, most = Number.POSITIVE_INFINITY): string {
  const { tickerBytes, tickerStarts, tickerEnds } = index;
  const start = tickerStarts[i] as number;
  return Buffer.from(tickerBytes.buffer, tickerBytes.byteOffset, tickerBytes.byteLength).toString(
    'utf8',
    start,
    Math.min(tickerEnds[i] as number, start + most),
  );
}

/** The 1-based line of the text on which record `i` begins. */
export function lineOf(index: DayIndex, i: number): number {
  let line = 1;
  const end = index.starts[i] as number;
  for (let at = index.text.indexOf(10); at >= 0 && at < end; at = index.text.indexOf(10, at + 1)) line++;
  return line;
}

/** The k-th record in ticker order. */
export function inOrder(index: DayIndex, k: number): number {
  return index.order === undefined ? k : (index.order[k] as number);
}

/** A run of records of one ticker, as positions [from, to) in ticker order. */
export function* tickerGroups(index: DayIndex): Generator<{ readonly from: number; readonly to: number }> {
  let from = 0;
  while (from < index.records) {
    const to = endOfGroup(index, from);
    yield { from, to };
    from = to;
  }
}

/** Where the run of records of one ticker ends that begins at `from`, both as positions in ticker order. */
export function endOfGroup(index: DayIndex, from: number): number {
  let to = from + 1;
  while (to < index.records && sameTicker(index, inOrder(index, from), inOrder(index, to))) to++;
  return to;
}

/** The position in ticker order of the first record whose ticker is not below this one, by binary search. */
export function firstNotBelow(index: DayIndex, ticker: Uint8Array): number {
  let low = 0;
  let high = index.records;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareToTicker(index, inOrder(index, middle), ticker) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The records of one ticker. */
export function findTicker(
  index: DayIndex,
  ticker: Uint8Array,
): { readonly from: number; readonly to: number } {
  const from = firstNotBelow(index, ticker);
  let to = from;
  while (to < index.records && compareToTicker(index, inOrder(index, to), ticker) === 0) to++;
  return { from, to };
}

function compareToTicker(index: DayIndex, i: number, ticker: Uint8Array): number {
  const start = index.tickerStarts[i] as number;
  return compareSpans(index.tickerBytes, start, index.tickerEnds[i] as number, ticker, 0, ticker.length);
}

/** Whether records `a` and `b` are of one ticker. */
export function sameTicker(index: DayIndex, a: number, b: number): boolean {
  const { tickerBytes: bytes, tickerStarts: starts, tickerEnds: ends } = index;
  const a0 = starts[a] as number;
  const b0 = starts[b] as number;
  return compareSpans(bytes, a0, ends[a] as number, bytes, b0, ends[b] as number) === 0;
}

/** The last bar among the records [from, to) of one ticker, as a record number; -1 where none is a bar. */
export function lastBarRecord(index: DayIndex, from: number, to: number): number {
  for (let k = to - 1; k >= from; k--) {
    const i = inOrder(index, k);
    if (index.verdicts[i] === 0) return i;
  }
  return -1;
}

/**
 * The series values of the last bar among the records [from, to) of one ticker, and how many bars there are.
 */
export function lastBar(
  index: DayIndex,
  from: number,
  to: number,
): { readonly values: string | undefined; readonly bars: number } {
  let bars = 0;
  for (let k = from; k < to; k++) if (index.verdicts[inOrder(index, k)] === 0) bars++;
  const last = lastBarRecord(index, from, to);
  return { values: last < 0 ? undefined : barValues(index.fieldsOf(last), index.columns), bars };
}

export { newFields, VERDICTS };
