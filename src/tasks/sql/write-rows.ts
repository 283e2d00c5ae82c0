/** A result as CSV, JSON or NDJSON, written as it comes. */
import { type Cell, jsonOf, type ResultColumn, type ResultRows, textOf } from './result-rows.js';

export type RowFormat = 'csv' | 'json' | 'ndjson';

/** `write` answers false where nobody reads on. Returns how many rows were written. */
export async function writeRows(
  { columns, chunks }: ResultRows,
  format: RowFormat,
  write: (text: string) => Promise<boolean>,
): Promise<number> {
  let rows = 0;
  const begin = { csv: `${columns.map(({ name }) => csvField(name)).join(',')}\n`, json: '[', ndjson: '' }[
    format
  ];
  if (!(await write(begin))) return 0;
  for await (const chunk of chunks) {
    const text = chunk.map((row, i) => rowText(row, columns, format, rows + i === 0)).join('');
    rows += chunk.length;
    if (text !== '' && !(await write(text))) return rows;
  }
  if (format === 'json') await write(rows === 0 ? ']\n' : '\n]\n');
  return rows;
}

function rowText(
  row: readonly Cell[],
  columns: readonly ResultColumn[],
  format: RowFormat,
  isFirst: boolean,
): string {
  if (format === 'csv')
    return `${row.map((cell) => (cell === null ? '' : csvField(textOf(cell)))).join(',')}\n`;
  const object = rowJson(row, columns);
  return format === 'ndjson' ? `${object}\n` : `${isFirst ? '' : ','}\n${object}`;
}

function rowJson(row: readonly Cell[], columns: readonly ResultColumn[]): string {
  return `{${columns.map((column, i) => `${JSON.stringify(column.name)}:${jsonOf(row[i] ?? null, column)}`).join(',')}}`;
}

/** RFC 4180; an empty text is quoted, so that it is not null. */
function csvField(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
