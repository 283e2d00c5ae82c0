/**
 * Our tables in a database: made with their version when they are not there, and refused by name where
 * something else is. `barloom_tables` says which are ours.
 */
import { identifier, literal } from '#store/lake/duckdb.js';
import { DatabaseError } from './database-error.js';
import { keyIndex, ownIndexes } from './indexes.js';
import type { Database } from './port.js';
import { type Column, TABLE_VERSION, type TableShape } from './table-shape.js';

const TABLES = 'barloom_tables';

const RECORDS = [
  `CREATE TABLE IF NOT EXISTS ${TABLES} (name text PRIMARY KEY, holds text NOT NULL, version bigint NOT NULL)`,
  'CREATE TABLE IF NOT EXISTS barloom_loads (table_name text NOT NULL, day text NOT NULL, scope text NOT NULL, ' +
    'fingerprint text NOT NULL, row_count bigint NOT NULL, whole bigint NOT NULL, PRIMARY KEY (table_name, day, scope))',
  'CREATE TABLE IF NOT EXISTS barloom_indexes (table_name text NOT NULL, name text NOT NULL, definition text NOT NULL, ' +
    'PRIMARY KEY (table_name, name))',
];

/** The columns that the database keeps, in their order. */
export function keptColumns(database: Pick<Database, 'typeOf'>, { columns }: TableShape): readonly Column[] {
  return columns.filter((column) => database.typeOf(column) !== undefined);
}

/** Whether the table is there, and ours. Changes nothing. Throws DatabaseError for one that is not. */
export async function isTableThere(database: Database, shape: Omit<TableShape, 'columns'>): Promise<boolean> {
  const { name, holds } = shape;
  const there = await database.columnsOf(name);
  if (there.size === 0) return false;
  const records = await database.columnsOf(TABLES);
  const [record] =
    records.size === 0
      ? []
      : await database.rows(`SELECT holds, version FROM ${TABLES} WHERE name = ${literal(name)}`);
  if (record === undefined)
    throw new DatabaseError(
      'usage',
      `there is a table ${name} that barloom did not make: give another name with --table, or rename it`,
    );
  if (Number(record['version']) > TABLE_VERSION)
    throw new DatabaseError(
      'usage',
      `the table ${name} is of a newer barloom (version ${String(record['version'])}, and this one knows ${TABLE_VERSION}): use that one, or another name with --table`,
    );
  if (record['holds'] !== holds)
    throw new DatabaseError(
      'usage',
      `the table ${name} holds ${String(record['holds'])}, and not ${holds}: give another name with --table`,
    );
  return true;
}

/** Makes what is lacking, a column of the vendor's that is new included. Throws DatabaseError. */
export async function prepareTable(database: Database, shape: TableShape): Promise<void> {
  await database.transaction(async () => {
    for (const sql of RECORDS) await database.run(sql);
    if (await isTableThere(database, shape)) await addColumns(database, shape);
    else await createTable(database, shape);
  });
}

async function createTable(database: Database, shape: TableShape): Promise<void> {
  const { name, holds } = shape;
  const columns = keptColumns(database, shape).map((column) => columnSql(database, column));
  await database.run(`CREATE TABLE ${identifier(name)} (${columns.join(', ')})${database.tableSuffix}`);
  for (const { sql } of ownIndexes(database.kind, shape)) await database.run(sql);
  await database.run(
    `INSERT INTO ${TABLES} (name, holds, version) VALUES (${literal(name)}, ${literal(holds)}, ${TABLE_VERSION}) ` +
      `ON CONFLICT (name) DO UPDATE SET holds = excluded.holds, version = excluded.version`,
  );
  // Of a table of this name that somebody has dropped.
  for (const records of ['barloom_loads', 'barloom_indexes'])
    await database.run(`DELETE FROM ${records} WHERE table_name = ${literal(name)}`);
}

async function addColumns(database: Database, shape: TableShape): Promise<void> {
  const there = await database.columnsOf(shape.name);
  for (const column of keptColumns(database, shape)) {
    const [type, wanted] = [there.get(column.name), database.typeOf(column)];
    if (type === wanted) continue;
    if (type !== undefined || column.always === true)
      throw new DatabaseError(
        'usage',
        `the table ${shape.name} has ${type === undefined ? 'no column' : `a column of type ${type} for`} ${column.name}, which is to be ${wanted}: give another name with --table`,
      );
    await database.run(`ALTER TABLE ${identifier(shape.name)} ADD COLUMN ${columnSql(database, column)}`);
  }
  const key = keyIndex(shape);
  const [indexes, away] = [
    await database.indexesOf(shape.name),
    await database.rows(`SELECT name FROM barloom_indexes WHERE table_name = ${literal(shape.name)}`),
  ];
  if (![...indexes, ...away].some(({ name }) => name === key.name)) await database.run(key.sql);
}

function columnSql(database: Database, column: Column): string {
  return `${identifier(column.name)} ${database.typeOf(column)}${column.always === true ? ' NOT NULL' : ''}`;
}
