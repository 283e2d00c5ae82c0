/**
 * csv-parse, the referee of the scanners: true RFC 4180, read as Latin-1, a character a byte. What
 * scan-quoted.ts must agree with.
 */
import { type Options, parse } from 'csv-parse/sync';
import { type Fields, newFields } from '#market/records/bar.js';
import { type Columns, MAX_FIELDS, readColumns } from '#market/records/columns.js';
import { type Scanned, skipBlankLines } from '#market/records/scan-plain.js';

export function scanByCsvParse(
  text: Uint8Array,
  from: number,
  add: (start: number, fields: Fields, columns: Columns) => void,
): Scanned {
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
        columns = readColumns(record as string[], record.length);
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
    columns: columns ?? readColumns([], 0),
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
