/**
 * The quick way to a few tickers' bars in a stretch of plain records: found by searching the bytes, without
 * an index of all the others. It takes what is plain and leaves the rest to day-index.ts, with which it
 * agrees (test/market/records/quick-take.test.ts).
 */

import type { DayRules } from '#market/datasets/dataset.js';
import { type Fields, judge, newFields } from './bar.js';
import type { Columns } from './columns.js';
import { scanLine, scanPlainHeader } from './scan-plain.js';
import type { newPacker } from './taken-rows.js';

const FIRST_COLUMN = Buffer.from('ticker,');
const NEWLINE = 10;
const QUOTE = 0x22;
const COMMA = 0x2c;

export interface QuickTaker {
  /** Whether this header begins with a plain `ticker` column, so that a record begins with its ticker. */
  knows(header: Uint8Array): boolean;
  /** Whether the text holds nothing but plain records. */
  isPlain(text: Uint8Array): boolean;
  /**
   * Adds the ticker's last bar among the records in `text`, which begins with one; false where it has none.
   */
  take(text: Uint8Array, ticker: Uint8Array, packer: ReturnType<typeof newPacker>): boolean;
}

/** `take` is for texts under the header that `knows` was asked about last. */
export function newQuickTaker(records: DayRules['records'] = 'bars'): QuickTaker {
  let header: Uint8Array = new Uint8Array(0);
  let columns: Columns | undefined;
  const fields = newFields(header);
  const needles = new Map<Uint8Array, Buffer>();
  return {
    knows: (next) => {
      if (Buffer.compare(header, next) !== 0) {
        header = next;
        columns = plainColumns(next, records);
      }
      return columns !== undefined;
    },
    isPlain: (text) => !text.includes(QUOTE),
    take: (text, ticker, packer) => {
      if (columns === undefined) return false;
      let needle = needles.get(ticker);
      if (needle === undefined) {
        needle = Buffer.concat([Uint8Array.of(NEWLINE), ticker, Uint8Array.of(COMMA)]);
        needles.set(ticker, needle);
      }
      const start = lastBarStart(text, needle, fields, columns);
      if (start < 0) return false;
      scanLine(text, start, fields);
      packer.addFields(ticker, 0, ticker.length, fields, columns);
      return true;
    },
  };
}

function plainColumns(header: Uint8Array, records: DayRules['records']): Columns | undefined {
  if (header[header.length - 1] !== NEWLINE || header.includes(QUOTE)) return undefined;
  for (let i = 0; i < FIRST_COLUMN.length; i++) if (header[i] !== FIRST_COLUMN[i]) return undefined;
  return scanPlainHeader(header, 0, records).columns;
}

/**
 * Where the last bar of the ticker begins, or -1. `needle`: a line end, the ticker, a comma. The text may
 * begin with such a record.
 */
function lastBarStart(text: Uint8Array, needle: Buffer, fields: Fields, columns: Columns): number {
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  fields.bytes = text;
  const next = (from: number): number => {
    const found = bytes.indexOf(needle, from);
    return found < 0 ? -1 : found + 1;
  };
  const length = needle.length - 1;
  const atStart = bytes.length >= length && needle.compare(bytes, 0, length, 1) === 0;
  let last = -1;
  for (let at = atStart ? 0 : next(0); at >= 0; at = next(at))
    if (isBar(text, at, length - 1, fields, columns)) last = at;
  return last;
}

/**
 * A ticker that holds a comma is found where a shorter one and its first value stand: that is another's bar.
 */
function isBar(
  text: Uint8Array,
  start: number,
  tickerLength: number,
  fields: Fields,
  columns: Columns,
): boolean {
  scanLine(text, start, fields);
  return (fields.ends[0] as number) - start === tickerLength && judge(fields, columns) === 0;
}
