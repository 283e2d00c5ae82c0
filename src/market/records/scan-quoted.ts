/**
 * The general scanner: RFC 4180 for day files that hold a quote anywhere. A quote that begins a field
 * encloses it; in it two quotes are one. One anywhere else is data, and where something else than a comma or
 * a line end follows the closing one, so are both (as csv-parse with `relax_quotes` has it, the referee of
 * the tests). Fields are spans of the text itself, but for the few records that have to be unquoted.
 */

import type { DayRules } from '#market/datasets/dataset.js';
import { type Fields, newFields } from './bar.js';
import { type Columns, MAX_FIELDS, readColumns } from './columns.js';
import { closingQuote } from './record-ends.js';
import { type Scanned, skipBlankLines } from './scan-plain.js';

/** A quoted field that nothing closes. Named and coded as csv-parse has it. */
export class QuoteError extends Error {
  readonly code = 'CSV_QUOTE_NOT_CLOSED';

  constructor(line: number) {
    super(`Quote Not Closed: the parsing is finished with an opening quote at line ${line}`);
    this.name = 'QuoteError';
  }
}

const QUOTE = 34;
const COMMA = 44;
const NEWLINE = 10;
const RETURN = 13;

/** Throws HeaderError or QuoteError. */
export function scanQuoted(
  text: Uint8Array,
  from: number,
  add: (start: number, fields: Fields, columns: Columns) => void,
  records: DayRules['records'] = 'bars',
): Scanned {
  const scan = recordScanner(text);
  const fields = newFields(text);
  let at = skipBlankLines(text, from);
  if (at < text.length) at = scan(at, fields);
  else fields.count = 0;
  const columns = readColumns(namesIn(fields), fields.count, records);
  at = skipBlankLines(text, at);
  const headerEnd = at;
  while (at < text.length) {
    const start = at;
    at = skipBlankLines(text, scan(start, fields));
    add(start, fields, columns);
  }
  const spare = newFields(text);
  return {
    columns,
    headerEnd,
    fieldsOf: (start) => {
      scan(start, spare);
      return spare;
    },
  };
}

/** What fills fields with the record that begins at an offset, and returns the offset behind its line end. */
function recordScanner(text: Uint8Array): (start: number, fields: Fields) => number {
  const length = text.length;
  /** Whether the span of a field is still to be unquoted. */
  const raw = new Uint8Array(MAX_FIELDS);
  let unquoted = new Uint8Array(0);

  const unquote = (fields: Fields): void => {
    const { starts, ends } = fields;
    const kept = Math.min(fields.count, MAX_FIELDS);
    let room = 0;
    for (let f = 0; f < kept; f++) room += (ends[f] as number) - (starts[f] as number);
    if (room > unquoted.length) unquoted = new Uint8Array(2 * room);
    let at = 0;
    for (let f = 0; f < kept; f++) {
      const [from, to] = [starts[f] as number, ends[f] as number];
      starts[f] = at;
      if (raw[f] === 1) at = writeUnquoted(text, from, to, unquoted, at);
      else for (let i = from; i < to; i++) unquoted[at++] = text[i] as number;
      ends[f] = at;
    }
    fields.bytes = unquoted;
  };

  return (start, fields) => {
    const { starts, ends } = fields;
    let count = 0;
    let isRaw = false;
    let at = start;
    for (;;) {
      let from = at;
      let i = at;
      let rawField = 0;
      let close = -1;
      if (text[at] === QUOTE) {
        let doubled = false;
        for (close = at + 1; close < length; close++) {
          if (text[close] !== QUOTE) continue;
          if (text[close + 1] !== QUOTE) break;
          doubled = true;
          close++;
        }
        if (close >= length) throw new QuoteError(lineAt(text, at));
        i = close + 1;
        if (doubled || text[i] === 0) rawField = 1;
      }
      let byte = -1;
      for (; i < length; i++) {
        byte = text[i] as number;
        if (byte === COMMA || byte === NEWLINE) break;
      }
      let to = i < length && byte === NEWLINE && i > from && text[i - 1] === RETURN ? i - 1 : i;
      // What is enclosed and nothing besides stands in the text without its quotes.
      if (rawField === 0 && close >= 0 && close + 1 === to) {
        from++;
        to--;
      }
      if (count < MAX_FIELDS) {
        starts[count] = from;
        ends[count] = to;
        raw[count] = rawField;
        if (rawField === 1) isRaw = true;
      }
      count++;
      at = i + 1;
      if (i >= length || byte === NEWLINE) break;
    }
    fields.count = count;
    if (isRaw) unquote(fields);
    else fields.bytes = text;
    return Math.min(at, length);
  };
}

/** The field `text[from..to)`, which begins with a quote. Returns where it ends in the target. */
function writeUnquoted(
  text: Uint8Array,
  from: number,
  to: number,
  target: Uint8Array,
  start: number,
): number {
  const close = closingQuote(text, from, to);
  // A zero byte behind the closing quote is data like any other, but the quotes are none.
  const isData = close + 1 < to && text[close + 1] !== 0;
  let at = start;
  if (isData) target[at++] = QUOTE;
  for (let i = from + 1; i < close; i++) {
    target[at++] = text[i] as number;
    if (text[i] === QUOTE) i++;
  }
  for (let i = isData ? close : close + 1; i < to; i++) target[at++] = text[i] as number;
  return at;
}

function namesIn({ bytes, starts, ends, count }: Fields): string[] {
  return Array.from({ length: Math.min(count, MAX_FIELDS) }, (_, i) =>
    Buffer.from(bytes.subarray(starts[i], ends[i])).toString('latin1'),
  );
}

/** From 1. */
function lineAt(text: Uint8Array, offset: number): number {
  let line = 1;
  for (let at = text.indexOf(NEWLINE); at >= 0 && at < offset; at = text.indexOf(NEWLINE, at + 1)) line++;
  return line;
}
