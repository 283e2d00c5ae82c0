/** The records of a window, as they came, as a table of the database: typed, with key, hash and partition. */
import type { Field, TableType } from '#market/tables/table-type.js';
import { type Duck, identifier, listOf, literal } from '#store/lake/duckdb.js';
import { dateSql, hashSql, keySql, sqlType } from './columns.js';
import { UNDATED } from './layout.js';

/** Longer than any record; the database takes twice that a thread. */
const LONGEST_RECORD = 4 << 20;

export interface Staged {
  /** Records that came, those that came twice, and of these those that differed. */
  readonly came: number;
  readonly repeated: number;
  readonly conflicting: number;
  /** Distinct records, and those that lack the date they would be kept under. */
  readonly rows: number;
  readonly undated: number;
  /** Of the keys and the contents, in the keys' order. */
  readonly sha256: string;
}

/**
 * Makes the table `staged` of NDJSON files, a record once. Of records with one key the same one stays whatever
 * the order they came in.
 */
export async function stage(
  type: TableType,
  files: readonly string[],
  seenAt: string,
  duck: Duck,
): Promise<Staged> {
  await duck.run(`CREATE OR REPLACE TEMP TABLE staged AS ${stagedQuery(type, files, seenAt)}`);
  const [counts] = await duck.rows('SELECT count(*) AS came, count(DISTINCT _key) AS rows FROM staged');
  const came = Number(counts?.['came']);
  const rows = Number(counts?.['rows']);
  let conflicting = 0;
  if (rows < came) {
    const [found] = await duck.rows(
      'SELECT count(*) AS n FROM (SELECT _key FROM staged GROUP BY _key HAVING count(DISTINCT content_hash) > 1)',
    );
    conflicting = Number(found?.['n']);
    await duck.run(
      'CREATE OR REPLACE TEMP TABLE staged AS SELECT * FROM staged QUALIFY row_number() OVER (PARTITION BY _key ORDER BY content_hash) = 1',
    );
  }
  const [facts] = await duck.rows(
    `SELECT sha256(coalesce(string_agg(_key || ' ' || content_hash::VARCHAR, chr(10) ORDER BY _key), '')) AS hash, count(*) FILTER (_part = ${literal(UNDATED)}) AS undated FROM staged`,
  );
  return {
    came,
    repeated: came - rows,
    conflicting,
    rows,
    undated: Number(facts?.['undated']),
    sha256: String(facts?.['hash']),
  };
}

function stagedQuery(type: TableType, files: readonly string[], seenAt: string): string {
  const names = [...type.fields.map(({ name }) => name), 'extra'];
  const read = type.fields.map((field) => `${castOf(field)} AS ${identifier(field.name)}`);
  const columns = [
    ...type.fields.map((field) => `${literal(field.name)}: ${literal(jsonType(field))}`),
    "'extra': 'JSON'",
  ];
  const source =
    files.length === 0
      ? `(SELECT ${type.fields.map((field) => `NULL::${jsonType(field)} AS ${identifier(field.name)}`).join(', ')}, NULL::JSON AS extra WHERE false)`
      : `read_json(${listOf(files)}, format = 'newline_delimited', maximum_object_size = ${LONGEST_RECORD}, columns = {${columns.join(', ')}})`;
  // What kind of JSON a column holds is known; `NULL` in it is none.
  return (
    `SELECT *, ${partitionSql(type)} AS _part FROM (SELECT ${names.map(identifier).join(', ')}, ` +
    `${keySql(type)} AS _key, ${hashSql(type)} AS content_hash, TIMESTAMP ${literal(seenAt)} AS first_seen ` +
    `FROM (SELECT ${[...read, 'extra'].join(', ')} FROM ${source}))`
  );
}

/** `2024-01` of the row's date, whatever is in `first_seen`. */
export function partitionSql(type: TableType): string {
  return `coalesce(strftime(${dateSql(type)}, '%Y-%m'), ${literal(UNDATED)})`;
}

/** What is read as text first is cast with all its digits. */
function jsonType(field: Field): string {
  const { kind } = field;
  return kind === 'decimal' || kind === 'date' || kind === 'instant' ? 'VARCHAR' : sqlType(field);
}

function castOf({ name, kind }: Field): string {
  const column = identifier(name);
  switch (kind) {
    case 'decimal':
      return `${column}::DECIMAL(38,18)`;
    case 'date':
      return `${column}[1:10]::DATE`;
    case 'instant':
      return `${column}::TIMESTAMP`;
    default:
      return column;
  }
}
