/**
 * The fast scanner: one pass over the bytes of a day file that holds no quote. A line is a record, a comma ends a field, `\n` or
 * `\r\n` ends a line; an empty line is none.
 */
import { type Fields, newFields } from './bar.js';
import { type Columns, MAX_FIELDS, readColumns } from './columns.js';

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
): Scanned {
  const length = text.length;
  const headerStart = skipBlankLines(text, from);
  const fields = newFields(text);
  let at = scanLine(text, headerStart, fields);
  const columns = readColumns(headerNames(text, fields), fields.count);
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
function scanLine(text: Uint8Array, start: number, fields: Fields): number {
  const { starts, ends, plain, nano } = fields;
  const length = text.length;
  let count = 0;
  let fieldStart = start;
  // Of the field so far: its digits as one number, how many, the digits before the point, and whether anything else was met.
  let value = 0;
  let digits = 0;
  let point = -1;
  let other = false;
  let seen = 0;
  let i = start;
  for (; ; i++) {
    const byte = i < length ? (text[i] as number) : 10;
    const digit = byte - 48;
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      digits++;
      continue;
    }
    if (byte === 44 || byte === 10) {
      const atLineEnd = byte === 10;
      if (count < MAX_FIELDS) {
        starts[count] = fieldStart;
        ends[count] = atLineEnd && i < length && i > fieldStart && text[i - 1] === 13 ? i - 1 : i;
        const whole = point < 0 ? digits : point;
        const decimals = digits - whole;
        const isPlain = !other && whole > 0 && (point < 0 || decimals > 0);
        plain[count] = isPlain ? 1 : 0;
        nano[count] = isPlain && whole <= 6 && decimals <= 9 ? value * (UNITS[decimals] as number) : -1;
      }
      count++;
      if (atLineEnd) break;
      fieldStart = i + 1;
      value = 0;
      digits = 0;
      point = -1;
      other = false;
    } else if (byte === 46 && point < 0) {
      point = digits;
    } else if (byte !== 13 || text[i + 1] !== 10) {
      other = true;
      seen |= byte;
    }
  }
  fields.count = count;
  fields.hasHighBytes = seen >= 0x80;
  return i < length ? i + 1 : length;
}

/** What a number with so many decimals is multiplied by to be in units of 10^-9. */
const UNITS = [1e9, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 100, 10, 1] as const;

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
