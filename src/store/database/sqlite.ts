/**
 * A SQLite file behind the port. Write-ahead log, so that readers go on while it is loaded; a power cut may
 * take the last batches, and what is recorded of them with them, but never damages the file.
 */
import { identifier, literal } from '#store/lake/duckdb.js';
import { attempted } from './attempt.js';
import type { Database, IndexDefinition, InsertWay, RowSource, SqlRow } from './port.js';
import { openEngine, type SqliteStatement } from './sqlite-engine.js';
import { sqliteError } from './sqlite-error.js';
import type { ColumnKind } from './table-shape.js';
import type { DatabaseTarget } from './target.js';
import { pushFields, wholeLines } from './text-rows.js';
import { onConflict } from './upsert-sql.js';

/** `moment` has no type of its own there: ts_ns says it. */
const TYPES: Readonly<Record<ColumnKind, string | undefined>> = {
  text: 'TEXT',
  day: 'TEXT',
  moment: undefined,
  instant: 'TEXT',
  whole: 'INTEGER',
  number: 'REAL',
  flag: 'INTEGER',
};

/** Rows of a statement: fewer calls into the database, each of which costs as much as some fields do. */
const TOGETHER = 16;
const BUSY_MS = 10_000;
const CACHE_KIB = 32_000;

/** Throws DatabaseError. */
export async function openSqlite(
  { file, shown }: Extract<DatabaseTarget, { kind: 'sqlite' }>,
  access: 'read' | 'write',
): Promise<Database> {
  const named = <T>(body: () => T): T => {
    try {
      return body();
    } catch (error) {
      throw sqliteError(error, shown);
    }
  };
  const connection = named(() => openEngine(file, access === 'read'));
  const rows = (sql: string): readonly SqlRow[] =>
    named(() => {
      const statement = connection.prepare(sql);
      statement.setReadBigInts(true);
      return statement.all() as readonly SqlRow[];
    });
  const run = (sql: string): number => named(() => Number(connection.prepare(sql).run().changes));
  try {
    named(() => {
      connection.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA cache_size = -${CACHE_KIB}`);
      if (access === 'write') connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
      else rows('SELECT count(*) FROM sqlite_schema');
    });
  } catch (error) {
    connection.close();
    throw error;
  }

  const insert = async (source: RowSource, way: InsertWay): Promise<number> => {
    const { columns, lines } = source;
    const width = columns.length;
    const [single, several] = named(() => {
      const of = (n: number): SqliteStatement => connection.prepare(insertSql(source, way, n));
      return [of(1), of(TOGETHER)];
    });
    let changed = 0;
    let fields: (string | null)[] = [];
    const put = (statement: SqliteStatement, values: (string | null)[]): void => {
      changed += named(() => Number(statement.run(...values).changes));
    };
    for await (const text of wholeLines(lines)) {
      for (let at = 0; at < text.length; ) {
        const end = text.indexOf('\n', at);
        pushFields(text.slice(at, end), fields);
        at = end + 1;
        if (fields.length < width * TOGETHER) continue;
        put(several, fields);
        fields = [];
      }
    }
    for (let at = 0; at < fields.length; at += width) put(single, fields.slice(at, at + width));
    return changed;
  };

  return {
    kind: 'sqlite',
    tableSuffix: ' STRICT',
    rows: async (sql) => rows(sql),
    run: async (sql) => run(sql),
    transaction: async (body) => {
      named(() => connection.exec('BEGIN IMMEDIATE'));
      try {
        const result = await body();
        named(() => connection.exec('COMMIT'));
        return result;
      } catch (error) {
        try {
          connection.exec('ROLLBACK');
        } catch {
          // A full disk has rolled it back already.
        }
        throw error;
      }
    },
    attempt: (body) => attempted(async (sql) => run(sql), body),
    typeOf: ({ kind }) => TYPES[kind],
    columnsOf: async (table) =>
      new Map(
        rows(`SELECT name, type FROM pragma_table_info(${literal(table)})`).map(({ name, type }) => [
          String(name),
          String(type).toUpperCase(),
        ]),
      ),
    indexesOf: async (table): Promise<readonly IndexDefinition[]> =>
      rows(
        `SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ${literal(table)} AND sql IS NOT NULL`,
      ).map(({ name, sql }) => ({ name: String(name), sql: String(sql) })),
    // Rows are only ever appended, or deleted by days: near enough, and at once.
    rowsIn: async (table) =>
      Number(
        rows(`SELECT coalesce(max(rowid) - min(rowid) + 1, 0) AS n FROM ${identifier(table)}`)[0]?.['n'] ?? 0,
      ),
    insert,
    // Who else is loading is found out by the records of what is loaded, which change with every batch.
    claim: async () => undefined,
    settle: async () => {
      named(() => connection.exec('PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)'));
    },
    close: async () => named(() => connection.close()),
  };
}

function insertSql({ table, columns }: RowSource, way: InsertWay, rows: number): string {
  const names = columns.map(({ name }) => identifier(name));
  const values = `(${columns.map(() => '?').join(', ')})`;
  return `INSERT INTO ${identifier(table)} (${names.join(', ')}) VALUES ${Array(rows).fill(values).join(', ')}${onConflict(table, columns, way)}`;
}
