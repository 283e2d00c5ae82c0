/**
 * What is loaded of each day, recorded with the rows in one transaction: so neither can be there without the
 * other, whenever a load is killed.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { identifier, literal } from '#store/lake/duckdb.js';
import { DatabaseError } from './database-error.js';
import type { Database } from './port.js';
import type { Scope } from './scope.js';

const RECORDS = 'barloom_loads';

/** Only rows that have one of these values in that column. */
export interface Only {
  readonly column: string;
  readonly values: readonly string[];
}

export interface LoadRecord {
  readonly day: IsoDay;
  readonly scope: Scope;
  /** Of what the day's rows were made from. */
  readonly fingerprint: string;
  /** So many of its rows are in, the first ones. */
  readonly rows: number;
  /** Whether these are all. */
  readonly whole: boolean;
}

/** By day. */
export type LoadRecords = ReadonlyMap<IsoDay, readonly LoadRecord[]>;

/** Of a table that is there. */
export async function readLoads(database: Database, table: string): Promise<LoadRecords> {
  const rows = await database.rows(
    `SELECT day, scope, fingerprint, row_count, whole FROM ${RECORDS} WHERE table_name = ${literal(table)}`,
  );
  const records = new Map<IsoDay, LoadRecord[]>();
  for (const row of rows) {
    const day = String(row['day']);
    const of = records.get(day) ?? [];
    of.push({
      day,
      scope: String(row['scope']),
      fingerprint: String(row['fingerprint']),
      rows: Number(row['row_count']),
      whole: Number(row['whole']) === 1,
    });
    records.set(day, of);
  }
  return records;
}

/** Within the transaction of the rows. Throws DatabaseError (`busy`) where another load was quicker. */
export async function recordLoad(
  database: Database,
  table: string,
  before: LoadRecord | undefined,
  now: LoadRecord,
): Promise<void> {
  const { day, scope, fingerprint, rows, whole } = now;
  const changed =
    before === undefined
      ? await database.run(
          `INSERT INTO ${RECORDS} (table_name, day, scope, fingerprint, row_count, whole) VALUES ` +
            `(${literal(table)}, ${literal(day)}, ${literal(scope)}, ${literal(fingerprint)}, ${rows}, ${whole ? 1 : 0}) ON CONFLICT DO NOTHING`,
        )
      : await database.run(
          `UPDATE ${RECORDS} SET fingerprint = ${literal(fingerprint)}, row_count = ${rows}, whole = ${whole ? 1 : 0} ` +
            `WHERE ${isOf(table, before)} AND fingerprint = ${literal(before.fingerprint)} AND row_count = ${before.rows} AND whole = ${before.whole ? 1 : 0}`,
        );
  if (changed !== 1)
    throw new DatabaseError(
      'busy',
      `another load of ${table} is going on: run the same command again once it is done`,
    );
  // Records of parts say nothing more once everything is in.
  if (whole && scope === '')
    await database.run(
      `DELETE FROM ${RECORDS} WHERE table_name = ${literal(table)} AND day = ${literal(day)} AND scope <> ''`,
    );
}

function isOf(table: string, { day, scope }: LoadRecord): string {
  return `table_name = ${literal(table)} AND day = ${literal(day)} AND scope = ${literal(scope)}`;
}

/** Within the transaction of the rows that come in their place. */
export function deleteDay(
  database: Database,
  table: string,
  day: IsoDay,
  only: Only | undefined,
): Promise<number> {
  return database.run(`DELETE FROM ${identifier(table)} WHERE date = ${literal(day)}${andOnly(only)}`);
}

/** Within the transaction of the rows that come in their place: all of them. */
export function emptyTable(database: Database, table: string): Promise<number> {
  return database.run(`DELETE FROM ${identifier(table)}`);
}

/** What narrows a WHERE, with its AND; '' for everything. */
function andOnly(only: Only | undefined): string {
  if (only === undefined) return '';
  return ` AND ${identifier(only.column)} IN (${only.values.map(literal).join(', ')})`;
}

/** All days before `from`. Returns how many rows there were. */
export function pruneTable(database: Database, table: string, from: IsoDay): Promise<number> {
  return database.transaction(async () => {
    const rows = await database.run(`DELETE FROM ${identifier(table)} WHERE date < ${literal(from)}`);
    await database.run(
      `DELETE FROM ${RECORDS} WHERE table_name = ${literal(table)} AND day < ${literal(from)}`,
    );
    return rows;
  });
}

/** Whether any row of these days is there. */
export async function holdsDays(
  database: Database,
  table: string,
  { start, end }: { readonly start: IsoDay; readonly end: IsoDay },
  only: Only | undefined,
): Promise<boolean> {
  const found = await database.rows(
    `SELECT 1 AS there FROM ${identifier(table)} WHERE date >= ${literal(start)} AND date <= ${literal(end)}${andOnly(only)} LIMIT 1`,
  );
  return found.length > 0;
}
