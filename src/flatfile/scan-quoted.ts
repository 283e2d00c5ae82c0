/**
 * The general scanner: csv-parse, true RFC 4180, for day files that hold a quote anywhere. It works on Latin-1 text, one
 * character a byte, so that fields come back as the very bytes of the file.
 */
import { createRequire } from 'node:module';
import type { Options } from 'csv-parse/sync';
import { type Fields, newFields } from './bar.js';
import { type Columns, MAX_FIELDS, readColumns } from './columns.js';
import type { DayRules } from './dataset.js';
import { type Scanned, skipBlankLines } from './scan-plain.js';

// Loaded at the first quote: most files have none.
const require = createRequire(import.meta.url);

export function scanQuoted(
  text: Uint8Array,
  from: number,
  add: (start: number, fields: Fields, columns: Columns) => void,
  records: DayRules['records'] = 'bars',
): Scanned {
  const { parse } = require('csv-parse/sync') as typeof import('csv-parse/sync');
  const body = Buffer.from(text.buffer, text.byteOffset + from, text.byteLength - from);
  const fields = newFields(new Uint8Array(1 << 12));
  let columns: Columns | undefined;
  let headerEnd = text.length;
  let start = skipBlankLines(text, from);
  parse(body, {
    ...options,
    on_record: (record, context) => {
      const end = skipBlankLines(text, from + context.bytes);
      if (columns === undefined) {
        columns = readColumns(record as string[], record.length, records);
        headerEnd = end;
      } else {
        fill(fields, record as string[]);
        add(start, fields, columns);
      }
      start = end;
      return null;
    },
  });
  const spare = newFields(new Uint8Array(1 << 12));
  return {
    columns: columns ?? readColumns([], 0, records),
    headerEnd,
    fieldsOf: (recordStart, recordEnd) => {
      const one = Buffer.from(text.buffer, text.byteOffset + recordStart, recordEnd - recordStart);
      fill(spare, (parse(one, options) as string[][])[0] ?? []);
      return spare;
    },
  };
}

const options: Options = {
  encoding: 'latin1',
  relax_column_count: true,
  // A quote inside an unquoted field is data; one that opens a field and is never closed is an error.
  relax_quotes: true,
  skip_empty_lines: true,
  record_delimiter: ['\r\n', '\n'],
};

function fill(fields: Fields, record: readonly string[]): void {
  let length = 0;
  for (const field of record) length += field.length;
  if (length > fields.bytes.length) fields.bytes = new Uint8Array(length * 2);
  const target = Buffer.from(fields.bytes.buffer);
  let at = 0;
  for (let i = 0; i < record.length && i < MAX_FIELDS; i++) {
    const field = record[i] as string;
    fields.starts[i] = at;
    at += target.write(field, at, 'latin1');
    fields.ends[i] = at;
  }
  fields.count = record.length;
}
