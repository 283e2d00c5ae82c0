/**
 * A PostgreSQL server behind the port: one connection. Rows go in by COPY, straight into the table or, where
 * some may be there already, into a temporary table and out of that with one statement.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg, { type Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { identifier, literal } from '#store/lake/duckdb.js';
import { attempted } from './attempt.js';
import { DatabaseError } from './database-error.js';
import type { Database, IndexDefinition, InsertWay, OpenDatabaseOptions, RowSource, SqlRow } from './port.js';
import { postgresError } from './postgres-error.js';
import { postgresSettings } from './postgres-settings.js';
import type { ColumnKind } from './table-shape.js';
import type { DatabaseTarget } from './target.js';
import { onConflict } from './upsert-sql.js';

const TYPES: Readonly<Record<ColumnKind, string>> = {
  text: 'text',
  day: 'date',
  moment: 'timestamp with time zone',
  instant: 'timestamp with time zone',
  whole: 'bigint',
  number: 'numeric',
  flag: 'boolean',
};

/** For COPY into it; of one session, and empty between transactions. */
const STAGE = 'barloom_stage';

/** Throws DatabaseError. */
export async function openPostgres(
  { url, shown }: Extract<DatabaseTarget, { kind: 'postgres' }>,
  { access, env }: OpenDatabaseOptions,
): Promise<Database> {
  const settings = postgresSettings(url, env);
  const named = async <T>(body: () => Promise<T>): Promise<T> => {
    try {
      return await body();
    } catch (error) {
      throw postgresError(error, shown);
    }
  };
  const client = await named(() => connected(settings.config, settings.tls === 'prefer'));
  const rows = (sql: string): Promise<readonly SqlRow[]> =>
    named(async () => (await client.query<Record<string, unknown>>(sql)).rows);
  const run = (sql: string): Promise<number> => named(async () => (await client.query(sql)).rowCount ?? 0);
  const copy = ({ columns, lines }: RowSource, into: string): Promise<number> =>
    named(async () => {
      const names = columns.map(({ name }) => identifier(name)).join(', ');
      const stream = client.query(copyFrom(`COPY ${into} (${names}) FROM STDIN`));
      await pipeline(Readable.from(lines), stream);
      return stream.rowCount;
    });

  const insert = async (source: RowSource, way: InsertWay): Promise<number> => {
    const { table, columns } = source;
    if (way === 'plain') return copy(source, identifier(table));
    const names = columns.map(({ name }) => identifier(name)).join(', ');
    await run(
      `CREATE TEMPORARY TABLE IF NOT EXISTS ${STAGE} ON COMMIT DROP AS SELECT ${names} FROM ${identifier(table)} WITH NO DATA`,
    );
    await copy(source, STAGE);
    const changed = await run(
      `INSERT INTO ${identifier(table)} (${names}) SELECT ${names} FROM ${STAGE}${onConflict(table, columns, way)}`,
    );
    await run(`DROP TABLE ${STAGE}`);
    return changed;
  };

  await run("SET TIME ZONE 'UTC'").catch(async (error: unknown) => {
    await client.end().catch(() => undefined);
    throw error;
  });
  if (access === 'read') await run('SET default_transaction_read_only = on');
  // An index of millions of rows sorts several times as fast with more than the default; a batch that is
  // staged stays in memory.
  else
    await run(
      "SET maintenance_work_mem = '256MB'; SET temp_buffers = '64MB'; SET client_min_messages = warning",
    );
  return {
    kind: 'postgres',
    tableSuffix: '',
    rows,
    run,
    transaction: async (body) => {
      await run('BEGIN');
      try {
        const result = await body();
        await run('COMMIT');
        return result;
      } catch (error) {
        // A server that is gone has rolled it back.
        await run('ROLLBACK').catch(() => undefined);
        throw error;
      }
    },
    attempt: (body) => attempted(run, body),
    typeOf: ({ kind }) => TYPES[kind],
    columnsOf: async (table) =>
      new Map(
        (
          await rows(
            `SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute WHERE attrelid = ${regclass(table)} AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
          )
        ).map(({ name, type }) => [String(name), String(type)]),
      ),
    indexesOf: async (table): Promise<readonly IndexDefinition[]> =>
      (
        await rows(
          `SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS sql FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid ` +
            `WHERE i.indrelid = ${regclass(table)} AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)`,
        )
      ).map(({ name, sql }) => ({ name: String(name), sql: String(sql) })),
    rowsIn: async (table) => {
      const [found] = await rows(
        `SELECT reltuples::bigint AS n, pg_relation_size(oid) AS bytes FROM pg_class WHERE oid = ${regclass(table)}`,
      );
      const [counted, bytes] = [Number(found?.['n'] ?? 0), Number(found?.['bytes'] ?? 0)];
      // Never counted yet: by the size.
      return counted > 0 ? counted : Math.floor(bytes / TYPICAL_ROW_BYTES);
    },
    insert,
    claim: async (table) => {
      const [answer] = await rows(
        `SELECT pg_try_advisory_lock(hashtext(current_schema() || '.barloom.' || ${literal(table)})) AS taken`,
      );
      if (answer?.['taken'] !== true)
        throw new DatabaseError('busy', `${shown}: another load of ${table} is going on`);
    },
    settle: async (table) => {
      await run(`ANALYZE ${identifier(table)}`);
    },
    close: () => client.end().catch(() => undefined),
  };
}

const TYPICAL_ROW_BYTES = 120;

/** Null where there is no such table. Not of other schemas' tables of that name. */
function regclass(table: string): string {
  return `to_regclass(quote_ident(current_schema()) || '.' || ${literal(identifier(table))})`;
}

async function connected(config: pg.ClientConfig, plainToo: boolean): Promise<Client> {
  const client = new pg.Client(config);
  // Told of a connection that breaks while nothing is asked; whoever asks next is told, too.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    if (!plainToo || !(error instanceof Error) || !/does not support SSL/.test(error.message)) throw error;
    return connected({ ...config, ssl: false }, false);
  }
}
