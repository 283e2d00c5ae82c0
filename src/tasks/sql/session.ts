/**
 * A connection that statements can be put to: the folder's tables as views, nothing to be written, no file
 * outside the data folder to be read. What does not fit the memory spills into a folder of its own, which
 * goes with it.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { isAlive, temporaryName } from '#platform/disk/durable.js';
import { writerOf } from '#platform/disk/temporary-name.js';
import { copiesFolder } from '#store/bucket/day-copy.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { type Duck, type DuckDBResult, listOf, openDuck } from '#store/lake/duckdb.js';
import { LakeError } from '#store/lake/lake-error.js';
import { lakeFolder } from '#store/lake/layout.js';
import { type Catalog, newCatalog } from './catalog.js';
import { sqlError } from './sql-error.js';
import { namesIn, splitStatements } from './statements.js';

export interface SqlOptions {
  readonly layout: FolderLayout;
  /** The folder of imported quotes. */
  readonly quotes: string;
  readonly now: Date;
  /** Everything as it was known at the end of that day. */
  readonly asOf?: IsoDay | undefined;
  readonly memoryBytes: number;
  readonly threads: number;
  /** Whether files may be read and written anywhere. */
  readonly allowFiles: boolean;
  /** False: what does not fit the memory is an error, and nothing is written at all. Default true. */
  readonly spills?: boolean;
  /** A file that the session itself is going to write. */
  readonly output?: string;
  readonly warn: (text: string) => void;
}

export interface SqlSession {
  /** Of every table that can be named. */
  names(): readonly string[];
  /** Runs all statements; the last one's rows, as they come. Throws LakeError with the place in the text. */
  query(sql: string): Promise<DuckDBResult | undefined>;
  /** Runs all; the last one's rows go to the file, as Parquet. Returns how many. */
  toParquet(sql: string, file: string): Promise<number>;
  interrupt(): void;
  close(): void;
}

export async function openSql(options: SqlOptions): Promise<SqlSession> {
  const { layout, memoryBytes, threads, spills = true } = options;
  const spillFolder = spills ? temporaryName(path.join(lakeFolder(layout), SPILL)) : undefined;
  if (spills) removeDead(lakeFolder(layout));
  const duck = await openDuck({ memoryBytes, threads, spillFolder });
  const { connection } = duck;
  const close = (): void => {
    duck.close();
    if (spillFolder !== undefined) rmSync(spillFolder, { recursive: true, force: true });
  };
  try {
    const catalog = newCatalog({ ...options, duck });
    await confine(duck, options);
    const prepare = async (sql: string): Promise<readonly string[]> => {
      await catalog.make(namesIn(sql));
      const statements = splitStatements(sql);
      for (const statement of statements.slice(0, -1)) {
        await check(duck, statement, options.allowFiles);
        await connection.run(statement);
      }
      return statements.slice(-1);
    };
    return {
      names: catalog.names,
      query: (sql) =>
        told(catalog, async () => {
          const [last] = await prepare(sql);
          if (last === undefined) return undefined;
          if (options.allowFiles) return connection.stream(last);
          const prepared = await connection.prepare(last);
          await checkType(duck, last, prepared.statementType);
          return prepared.stream();
        }),
      toParquet: (sql, file) =>
        told(catalog, async () => {
          const [last] = await prepare(sql);
          if (last === undefined) throw new LakeError('There is no statement to be run.', 'usage');
          if ((await typeOf(duck, last)) !== SELECT)
            throw new LakeError('Only what a SELECT gives can be written as Parquet.', 'usage');
          const { rowsChanged } = await connection.run(
            `COPY (${last}\n) TO '${file.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION V2, USE_TMP_FILE false)`,
          );
          return rowsChanged;
        }),
      interrupt: () => connection.interrupt(),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

async function told<T>({ names }: Catalog, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    throw sqlError(error, names);
  }
}

async function confine({ run }: Duck, { layout, quotes, allowFiles, output }: SqlOptions): Promise<void> {
  await run('SET allow_persistent_secrets = false');
  if (allowFiles) return;
  const archive = layout.bucket === undefined ? layout.archiveDir : copiesFolder(layout.bucket.cacheDir);
  const folders = [layout.dataDir, archive, quotes].map((folder) => `${folder}${path.sep}`);
  await run(`SET allowed_directories = ${listOf(folders)}`);
  if (output !== undefined) await run(`SET allowed_paths = ${listOf([output])}`);
  await run('SET enable_external_access = false');
  await run('SET lock_configuration = true');
}

/** As the database numbers them (duckdb.h, duckdb_statement_type). */
const SELECT = 1;
const INSERT = 2;
const UPDATE = 3;
const EXPLAIN = 4;
const DELETE = 5;
const CREATE = 7;
const DROP = 15;
/** What is made lives in memory, and goes with the session. */
const HARMLESS = new Set([SELECT, INSERT, UPDATE, EXPLAIN, DELETE, CREATE, DROP]);

/** Throws LakeError for what would write or open a file. */
async function check(duck: Duck, statement: string, allowFiles: boolean): Promise<void> {
  if (!allowFiles) await checkType(duck, statement, await typeOf(duck, statement));
}

async function checkType(duck: Duck, statement: string, type: number): Promise<void> {
  const explained = /^\s*EXPLAIN\b\s*(?:ANALYZE\b\s*)?(?:\([^)]*\))?([\s\S]*)$/i.exec(statement)?.[1];
  if (type === EXPLAIN && explained !== undefined && explained.trim() !== '')
    return check(duck, explained, false);
  if (type === EXPLAIN || !HARMLESS.has(type))
    throw new LakeError(
      `${statement.trim().split(/\s+/)[0]?.toUpperCase()} is not for sql, which reads the data folder and changes nothing; --allow-files lifts that, and -o writes a result.`,
      'usage',
    );
}

async function typeOf({ connection }: Duck, statement: string): Promise<number> {
  const prepared = await connection.prepare(statement);
  try {
    return prepared.statementType;
  } finally {
    prepared.destroySync();
  }
}

const SPILL = 'sql';

/** Folders of sessions that were killed. */
function removeDead(lake: string): void {
  if (!existsSync(lake)) return;
  for (const name of readdirSync(lake)) {
    const pid = name.startsWith(`${SPILL}.`) ? writerOf(name.slice(SPILL.length)) : undefined;
    if (pid !== undefined && !isAlive(pid)) rmSync(path.join(lake, name), { recursive: true, force: true });
  }
}
