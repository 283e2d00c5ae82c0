/**
 * What is taken out of one day for series: of each its name and what the series is to say of the day, packed
 * in one buffer so that a whole market's bars cost half a megabyte and cross from a worker thread without
 * copying.
 */
import { barValues, type Fields } from './bar.js';
import { MOST_VALUE_BYTES, writeBarBytes } from './bar-bytes.js';
import type { Columns } from './columns.js';
import type { DayIndex } from './day-index.js';

export interface TakenRows {
  /**
   * Ticker (or `O:` and underlying) and values (see Row) of each row, one behind the other, UTF-8; ascending
   * by ticker bytes.
   */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Row i: the ticker ends at `ends[2 * i]`, the values end at `ends[2 * i + 1]`. */
  readonly ends: Uint32Array<ArrayBuffer>;
}

export const NO_ROWS: TakenRows = { bytes: new Uint8Array(0), ends: new Uint32Array(0) };

/** `rowsExpected`: how many there may be; more find room too. */
export function newPacker(rowsExpected = 64) {
  let bytes = Buffer.from(new ArrayBuffer(rowsExpected * 64));
  let ends = new Uint32Array(rowsExpected * 2);
  let length = 0;
  let rows = 0;
  const room = (more: number): void => {
    if (length + more > bytes.length) {
      const larger = Buffer.from(new ArrayBuffer(Math.max(bytes.length * 2, length + more)));
      larger.set(bytes);
      bytes = larger;
    }
  };
  const addTicker = (ticker: Uint8Array, start: number, end: number): void => {
    for (let i = start; i < end; i++) bytes[length++] = ticker[i] as number;
  };
  const endRow = (tickerEnd: number): void => {
    if (2 * rows + 2 > ends.length) {
      const larger = new Uint32Array(ends.length * 2);
      larger.set(ends);
      ends = larger;
    }
    ends[2 * rows] = tickerEnd;
    ends[2 * rows + 1] = length;
    rows++;
  };
  /** The bar that stands in the fields, under the ticker [start, end) of `ticker`. */
  const addFields = (
    ticker: Uint8Array,
    start: number,
    end: number,
    fields: Fields,
    columns: Columns,
  ): void => {
    room(end - start + MOST_VALUE_BYTES);
    addTicker(ticker, start, end);
    const tickerEnd = length;
    const valuesEnd = writeBarBytes(fields, columns, bytes, length);
    if (valuesEnd >= 0) length = valuesEnd;
    else {
      const values = barValues(fields, columns);
      room(values.length);
      length += bytes.write(values, length, 'latin1');
    }
    endRow(tickerEnd);
  };
  return {
    add(ticker: Uint8Array | string, values: string): void {
      const key = typeof ticker === 'string' ? Buffer.from(ticker) : ticker;
      room(key.length + values.length);
      addTicker(key, 0, key.length);
      const tickerEnd = length;
      length += bytes.write(values, length, 'latin1');
      endRow(tickerEnd);
    },
    addBlock(key: Uint8Array, block: Uint8Array): void {
      room(key.length + block.length);
      addTicker(key, 0, key.length);
      const tickerEnd = length;
      bytes.set(block, length);
      length += block.length;
      endRow(tickerEnd);
    },
    /** The bar of record `i`; nothing where that is -1. */
    addBar(index: DayIndex, i: number): void {
      if (i < 0) return;
      const start = index.tickerStarts[i] as number;
      const end = index.tickerEnds[i] as number;
      addFields(index.tickerBytes, start, end, index.fieldsOf(i), index.columns);
    },
    addFields,
    finish: (): TakenRows => ({
      bytes: new Uint8Array(bytes.buffer.slice(0, length)),
      ends: ends.slice(0, 2 * rows),
    }),
  };
}

export function rowCount(rows: TakenRows): number {
  return rows.ends.length / 2;
}

export function rowTicker(rows: TakenRows, i: number): string {
  return text(rows.bytes, i === 0 ? 0 : (rows.ends[2 * i - 1] as number), rows.ends[2 * i] as number);
}

export function rowValues(rows: TakenRows, i: number): string {
  return text(rows.bytes, rows.ends[2 * i] as number, rows.ends[2 * i + 1] as number);
}

function text(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8', start, end);
}
