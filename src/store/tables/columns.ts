/** The columns of a table's files: a record's own, then those that every version has. */
import type { Field, FieldKind, TableType } from '#market/tables/table-type.js';
import { identifier, literal } from '#store/lake/duckdb.js';

const TYPES: Readonly<Record<FieldKind, string>> = {
  text: 'VARCHAR',
  number: 'DOUBLE',
  decimal: 'DECIMAL(38,18)',
  integer: 'BIGINT',
  date: 'DATE',
  instant: 'TIMESTAMP',
  boolean: 'BOOLEAN',
  texts: 'VARCHAR[]',
  json: 'JSON',
};

export function sqlType({ kind }: Pick<Field, 'kind'>): string {
  return TYPES[kind];
}

/**
 * `extra`: what the vendor sent that no column knows, as JSON. `version` counts from 1 for a key. `first_seen`
 * is UTC by our clock; `assumed`: it came with the first load, so that it counts from its own date. `gone_on`:
 * the day from which a full list had it no more.
 */
export const VERSION_COLUMNS: ReadonlyMap<string, string> = new Map([
  ['extra', 'JSON'],
  ['version', 'INTEGER'],
  ['first_seen', 'TIMESTAMP'],
  ['assumed', 'BOOLEAN'],
  ['gone_on', 'DATE'],
  ['content_hash', 'UBIGINT'],
]);

/** Name to SQL type, in the files' order. */
export function tableColumns({ fields }: TableType): ReadonlyMap<string, string> {
  return new Map([...fields.map((field) => [field.name, sqlType(field)] as const), ...VERSION_COLUMNS]);
}

/** One text out of the key's columns. */
export function keySql({ key }: TableType): string {
  return `concat_ws(chr(31), ${key.map((name) => `coalesce(${identifier(name)}::VARCHAR, '')`).join(', ')})`;
}

/**
 * The hash of a record's content, without what moves by itself. A column that is null adds nothing, so that a
 * column which comes later changes no hash.
 */
export function hashSql({ fields, moving }: TableType): string {
  const parts = fields
    .filter(({ name }) => !moving.includes(name))
    .map(({ name }) => `${literal(`${name}=`)} || ${identifier(name)}::VARCHAR`);
  return `md5_number_lower(concat_ws(chr(31), ${parts.join(', ')}))`;
}

/** The day a record is kept under, null where it has none; of types without a date, that of `first_seen`. */
export function dateSql({ date }: TableType): string {
  if (date === undefined) return 'first_seen::DATE';
  const { column, otherwise } = date;
  const name = `${identifier(column)}::DATE`;
  return otherwise === undefined ? name : `coalesce(${name}, ${identifier(otherwise)}::DATE)`;
}
