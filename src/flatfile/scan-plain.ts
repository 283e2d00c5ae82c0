/**
 * The fast scanner: one pass over the bytes of a day file that holds no quote. A line is a record, a comma ends a field, `\n` or
 * `\r\n` ends a line; an empty line is none.
 */
import { type Fields, newFields } from './bar.js';
import { type Columns, MAX_FIELDS, readColumns } from './columns.js';
import type { DayRules } from './dataset.js';

export interface Scanned {
  readonly columns: Columns;
  /** Offset of the first record, or of the end where there is none. */
  readonly headerEnd: number;
  /** Parses the record at [start, end) again. */
  readonly fieldsOf: (start: number, end: number) => Fields;
}

export function scanPlain(
  text: Uint8Array,
  from: number,
  add: (start: number, fields: Fields, columns: Columns) => void,
  records: DayRules['records'] = 'bars',
): Scanned {
  const length = text.length;
  const headerStart = skipBlankLines(text, from);
  const fields = newFields(text);
  let at = scanLine(text, headerStart, fields);
  const columns = readColumns(headerNames(text, fields), fields.count, records);
  at = skipBlankLines(text, at);
  const headerEnd = at;
  while (at < length) {
    const start = at;
    at = skipBlankLines(text, scanLine(text, at, fields));
    add(start, fields, columns);
  }
  const spare = newFields(text);
  const fieldsOf = (start: number): Fields => {
    scanLine(text, start, spare);
    return spare;
  };
  return { columns, headerEnd, fieldsOf };
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
