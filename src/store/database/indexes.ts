/**
 * The indexes of a table, taken away for a large load and made again behind it. What is to be made again is
 * recorded in the transaction that takes them away, so that no kill can lose it: whoever loads next makes
 * them.
 */
import { identifier, literal } from '#store/lake/duckdb.js';
import type { Database, IndexDefinition } from './port.js';
import { KEY, type TableShape } from './table-shape.js';

const RECORDS = 'barloom_indexes';

type Keyed = Pick<TableShape, 'name' | 'recordKey'>;

/** A record's key may be null in part, which no unique index minds: that one is for looking up. */
export function keyIndex({ name: table, recordKey }: Keyed): IndexDefinition {
  const name = `${table}_key`;
  const unique = recordKey === undefined ? 'UNIQUE ' : '';
  const columns = (recordKey ?? KEY).map(identifier).join(', ');
  return { name, sql: `CREATE ${unique}INDEX ${identifier(name)} ON ${identifier(table)} (${columns})` };
}

/** What a table of ours is made with. */
export function ownIndexes(kind: Database['kind'], shape: Keyed): readonly IndexDefinition[] {
  const { name: table, recordKey } = shape;
  const name = `${table}_date`;
  // A few bytes for every megabyte of rows, which come in the order of days.
  const days = `CREATE INDEX ${identifier(name)} ON ${identifier(table)} USING brin (date)`;
  const hasDays = kind === 'postgres' && recordKey === undefined;
  return [keyIndex(shape), ...(hasDays ? [{ name, sql: days }] : [])];
}

/** Names of those that were taken away and are not there again. */
export async function indexesAway(database: Database, table: string): Promise<readonly string[]> {
  if ((await database.columnsOf(RECORDS)).size === 0) return [];
  return (await recorded(database, table)).map(({ name }) => name);
}

/** The user's own too. Returns their names. */
export async function dropIndexes(database: Database, table: string): Promise<readonly string[]> {
  return database.transaction(async () => {
    const indexes = await database.indexesOf(table);
    for (const { name, sql } of indexes) {
      await database.run(
        `INSERT INTO ${RECORDS} (table_name, name, definition) VALUES (${literal(table)}, ${literal(name)}, ${literal(sql)}) ` +
          'ON CONFLICT (table_name, name) DO UPDATE SET definition = excluded.definition',
      );
      await database.run(`DROP INDEX ${identifier(name)}`);
    }
    return indexes.map(({ name }) => name);
  });
}

/**
 * Each by itself, so that a break keeps those that are made. Returns the names of those that were lacking.
 * Throws DatabaseError (`doubles`) where rows have the same key.
 */
export async function restoreIndexes(database: Database, table: string): Promise<readonly string[]> {
  const made: string[] = [];
  for (const { name, sql } of await recorded(database, table))
    await database.transaction(async () => {
      const there = await database.indexesOf(table);
      if (!there.some((index) => index.name === name)) {
        await database.run(sql);
        made.push(name);
      }
      await database.run(
        `DELETE FROM ${RECORDS} WHERE table_name = ${literal(table)} AND name = ${literal(name)}`,
      );
    });
  return made;
}

async function recorded(database: Database, table: string): Promise<readonly IndexDefinition[]> {
  const rows = await database.rows(
    `SELECT name, definition FROM ${RECORDS} WHERE table_name = ${literal(table)} ORDER BY name`,
  );
  return rows.map(({ name, definition }) => ({ name: String(name), sql: String(definition) }));
}
