/**
 * The fast scanner: one pass over the bytes of a day file that holds no quote. A line is a record, a comma
 * ends a field, `\n` or `\r\n` ends a line; an empty line is none. The pass itself is wasm/assembly/scan.ts,
 * over a window of the text at a time.
 */

import type { DayRules } from '#market/datasets/dataset.js';
import { kernel } from '#platform/wasm/kernel.js';
import { type Fields, newFields } from './bar.js';
import { type Columns, MAX_FIELDS, readColumns } from './columns.js';

export interface Scanned {
  readonly columns: Columns;
  /** Offset of the first record, or of the end where there is none. */
  readonly headerEnd: number;
  /** Parses the record at [start, end) again. */
  readonly fieldsOf: (start: number, end: number) => Fields;
}

/** Takes the records in their order. */
export interface PlainTaker {
  /** The next `count` records, as the kernel left them, and only until the next scan. */
  addScanned(count: number, scanned: Scanned): void;
  add(start: number, fields: Fields, columns: Columns): void;
}

export function scanPlain(
  text: Uint8Array,
  from: number,
  taker: PlainTaker,
  records: DayRules['records'] = 'bars',
): Scanned {
  const scanned = scanPlainHeader(text, from, records);
  const { columns, headerEnd, fieldsOf } = scanned;
  const { text: window, scan, scannedBytes } = kernel();
  const { count, ticker, open, high, low, close, volume } = columns;
  for (let at = headerEnd; at < text.length; ) {
    const length = Math.min(window.length, text.length - at);
    window.set(text.subarray(at, at + length));
    const found = scan(length, at, count, ticker, open, high, low, close, volume);
    if (found > 0) {
      taker.addScanned(found, scanned);
      at = skipBlankLines(text, at + scannedBytes());
      continue;
    }
    // A line longer than the window, or the last one, without an end.
    const fields = fieldsOf(at, text.length);
    taker.add(at, fields, columns);
    at = skipBlankLines(text, lineEnd(text, at));
  }
  return scanned;
}

/** Only what stands before the records. */
export function scanPlainHeader(
  text: Uint8Array,
  from: number,
  records: DayRules['records'] = 'bars',
): Scanned {
  const fields = newFields(text);
  const end = scanLine(text, skipBlankLines(text, from), fields);
  const columns = readColumns(headerNames(text, fields), fields.count, records);
  const spare = newFields(text);
  const fieldsOf = (start: number): Fields => {
    scanLine(text, start, spare);
    return spare;
  };
  return { columns, headerEnd: skipBlankLines(text, end), fieldsOf };
}

function lineEnd(text: Uint8Array, start: number): number {
  const at = text.indexOf(10, start);
  return at < 0 ? text.length : at + 1;
}

/** Fills `fields` with the line at `start`; returns the offset behind its line end. */
export function scanLine(text: Uint8Array, start: number, fields: Fields): number {
  const { starts, ends } = fields;
  const length = text.length;
  let count = 0;
  let fieldStart = start;
  let i = start;
  for (; i < length; i++) {
    const byte = text[i] as number;
    if (byte > 44) continue;
    if (byte === 44) {
      if (count < MAX_FIELDS) {
        starts[count] = fieldStart;
        ends[count] = i;
      }
      count++;
      fieldStart = i + 1;
    } else if (byte === 10) break;
  }
  const lineEnd = i < length && i > fieldStart && text[i - 1] === 13 ? i - 1 : i;
  if (count < MAX_FIELDS) {
    starts[count] = fieldStart;
    ends[count] = lineEnd;
  }
  fields.count = count + 1;
  return i < length ? i + 1 : length;
}

export function skipBlankLines(text: Uint8Array, at: number): number {
  let i = at;
  for (;;) {
    if (text[i] === 10) i += 1;
    else if (text[i] === 13 && text[i + 1] === 10) i += 2;
    else return i;
  }
}

function headerNames(text: Uint8Array, fields: Fields): string[] {
  const names: string[] = [];
  for (let i = 0; i < Math.min(fields.count, MAX_FIELDS); i++) {
    const field = text.subarray(fields.starts[i], fields.ends[i]);
    names.push(Buffer.from(field.buffer, field.byteOffset, field.byteLength).toString('latin1'));
  }
  return names;
}
