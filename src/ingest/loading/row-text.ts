/** What a query gives as a text file of rows, in the form that databases take (PostgreSQL's text format). */
import { type Duck, identifier, literal } from '#store/lake/duckdb.js';
import type { QueryColumn } from './query-columns.js';

/** `query`: with these columns, in any order. The rows keep its order. Returns how many there are. */
export async function writeRowText(
  duck: Duck,
  query: string,
  columns: readonly QueryColumn[],
  file: string,
): Promise<number> {
  const select = columns.map((column) => fieldOf(column)).join(', ');
  const { rowsChanged } = await duck.connection.run(
    `COPY (SELECT ${select} FROM (${query})) TO ${literal(file)} ` +
      `(FORMAT csv, HEADER false, DELIMITER '\t', QUOTE '', ESCAPE '', NULLSTR ${literal('\\N')}, USE_TMP_FILE false)`,
  );
  return rowsChanged;
}

function fieldOf({ name, kind, padded }: QueryColumn): string {
  if (kind === 'flag') return `${identifier(name)}::INTEGER`;
  if (kind === 'number') return padded === true ? trimmed(identifier(name)) : shortest(identifier(name));
  return kind === 'text' ? escaped(`${identifier(name)}::VARCHAR`) : identifier(name);
}

/** `115.030000` without what says nothing; with an exponent as it is. */
function trimmed(name: string): string {
  const text = `${name}::VARCHAR`;
  return `CASE WHEN contains(${text}, '.') AND NOT contains(lower(${text}), 'e') THEN rtrim(rtrim(${text}, '0'), '.') ELSE ${text} END`;
}

/** Of a double: 4, and not 4.0. */
function shortest(name: string): string {
  return `CASE WHEN ${name} = trunc(${name}) AND abs(${name}) < 1e15 THEN ${name}::BIGINT::VARCHAR ELSE ${name}::VARCHAR END`;
}

/** A NUL, which no database takes in a text, is left out. */
function escaped(name: string): string {
  const signs: readonly (readonly [code: number, written: string])[] = [
    [92, '\\\\'],
    [9, '\\t'],
    [10, '\\n'],
    [13, '\\r'],
    [0, ''],
  ];
  return signs.reduce((sql, [code, written]) => `replace(${sql}, chr(${code}), ${literal(written)})`, name);
}
