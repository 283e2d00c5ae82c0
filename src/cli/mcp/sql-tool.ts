/**
 * SQL from a model, which is hostile input: one SELECT, so many rows, so many characters a cell, so much
 * time and memory; nothing is written, and no file outside the data folder is read.
 */
import type { Invocation } from '#cli/invocation.js';
import { asOfOption } from '#cli/options/as-of.js';
import { quotesFolder } from '#cli/options/quote-options.js';
import { commandContext, requireData } from '#cli/run/context.js';
import { UsageError } from '#cli/usage-error.js';
import { datasetsHere } from '#store/archive/datasets-here.js';
import { identifier } from '#store/lake/duckdb.js';
import { type ResultColumn, type ResultRows, rowsOf } from '#tasks/sql/result-rows.js';
import { openSql, type SqlSession } from '#tasks/sql/session.js';
import { namesIn, splitStatements } from '#tasks/sql/statements.js';
import { type Coverage, coverageOf } from './coverage.js';

export const SQL_LIMITS = { rows: 1000, defaultRows: 100, seconds: 60, defaultSeconds: 20, cell: 2000 };

const MEMORY_BYTES = 512e6;
const THREADS = 2;
/** How often a statement that has had its time is interrupted. */
const OFTEN_MS = 100;

/** What a statement that only reads begins with. */
const READS = /^[\s(]*(select|with|from|values|table|describe|desc|show|summarize|pivot|unpivot)\b/i;

export interface SqlRequest {
  readonly sql: string;
  readonly maxRows?: number | undefined;
  readonly timeoutSeconds?: number | undefined;
  readonly asOf?: string | undefined;
}

export interface SqlAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly unknown[][];
  /** Whether there are more rows than were asked for. */
  readonly truncated: boolean;
  /** Of the datasets that the statement names. */
  readonly coverage: readonly Coverage[];
  readonly notes: readonly string[];
}

/** Throws UsageError and LakeError for a statement that is refused or fails, or runs too long. */
export async function sqlAnswer(
  { sql, maxRows = SQL_LIMITS.defaultRows, timeoutSeconds = SQL_LIMITS.defaultSeconds, asOf }: SqlRequest,
  invocation: Invocation,
  signal: AbortSignal,
): Promise<SqlAnswer> {
  const text = readingStatement(sql);
  const notes: string[] = [];
  return withSession({ asOf, seconds: timeoutSeconds, notes }, invocation, signal, async (session) => {
    const { columns } = await run(session, `SELECT * FROM (\n${text}\n) LIMIT 0`);
    const clipped = columns.map((column) => clippedColumn(column)).join(', ');
    const { chunks } = await run(session, `SELECT ${clipped} FROM (\n${text}\n) LIMIT ${maxRows + 1}`);
    const rows: unknown[][] = [];
    for await (const chunk of chunks) rows.push(...chunk.map((row) => [...row]));
    const names = namesIn(text);
    const { layout } = await commandContext(invocation, 'anywhere');
    const datasets = datasetsHere(layout).filter(({ name }) => names.has(name));
    return {
      columns: columns.map(({ name, type }) => ({ name, type })),
      rows: rows.slice(0, maxRows),
      truncated: rows.length > maxRows,
      coverage: datasets.length === 0 ? [] : await coverageOf(invocation, datasets),
      notes,
    };
  });
}

export interface TableDescription {
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** Every table's name, and the columns of those that are asked for. Throws LakeError for a name that is none. */
export async function describeTables(
  tables: readonly string[],
  invocation: Invocation,
  signal: AbortSignal,
): Promise<{ readonly tables: readonly string[]; readonly described: readonly TableDescription[] }> {
  const task = { asOf: undefined, seconds: SQL_LIMITS.seconds, notes: [] };
  return withSession(task, invocation, signal, async (session) => {
    const described: TableDescription[] = [];
    for (const table of tables) {
      const { columns } = await run(session, `SELECT * FROM ${identifier(table)} LIMIT 0`);
      described.push({ table, columns: columns.map(({ name, type }) => ({ name, type })) });
    }
    return { tables: session.names(), described };
  });
}

function readingStatement(sql: string): string {
  const statements = splitStatements(sql);
  const [text] = statements;
  if (text === undefined || statements.length > 1)
    throw new UsageError(`Give one statement; ${statements.length} were given.`);
  if (!READS.test(text))
    throw new UsageError(
      `${text.split(/\s+/)[0]?.toUpperCase()} is refused: only a SELECT is run (WITH, FROM, DESCRIBE, SUMMARIZE too).`,
    );
  return text;
}

/** Long texts are cut, what is nested is text: a cell has a bounded size before it leaves the database. */
function clippedColumn({ name, type }: ResultColumn): string {
  const column = identifier(name);
  const isSmall =
    /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*\)|BOOLEAN|DATE|TIME.*|INTERVAL|UUID)$/;
  return isSmall.test(type) && !type.endsWith(']')
    ? column
    : `left(CAST(${column} AS VARCHAR), ${SQL_LIMITS.cell}) AS ${column}`;
}

async function run(session: SqlSession, sql: string): Promise<ResultRows> {
  const result = await session.query(sql);
  if (result === undefined) throw new UsageError('There is no statement to be run.');
  return rowsOf(result);
}

interface SessionTask {
  readonly asOf: string | undefined;
  readonly seconds: number;
  /** Gets what is to be said beside the rows. */
  readonly notes: string[];
}

async function withSession<T>(
  { asOf, seconds, notes }: SessionTask,
  invocation: Invocation,
  signal: AbortSignal,
  body: (session: SqlSession) => Promise<T>,
): Promise<T> {
  const context = await commandContext(invocation, 'anywhere');
  requireData(context);
  const session = await openSql({
    layout: context.layout,
    quotes: quotesFolder(context),
    now: context.now,
    asOf: asOfOption(asOf),
    allowFiles: false,
    spills: false,
    memoryBytes: MEMORY_BYTES,
    threads: THREADS,
    warn: (warning) => notes.push(warning),
  });
  const interrupt = (): void => session.interrupt();
  const ends = performance.now() + seconds * 1000;
  const isOver = (): boolean => performance.now() >= ends;
  // Again and again: an interrupt ends what runs at that moment, and a statement takes several steps.
  const timer = setInterval(() => isOver() && interrupt(), OFTEN_MS);
  signal.addEventListener('abort', interrupt);
  try {
    return await body(session);
  } catch (error) {
    signal.throwIfAborted();
    if (isOver())
      throw new UsageError(
        `The statement ran for ${seconds} seconds and was ended: ask for less, or raise timeout_seconds (at most ${SQL_LIMITS.seconds}).`,
      );
    throw error;
  } finally {
    clearInterval(timer);
    signal.removeEventListener('abort', interrupt);
    session.close();
  }
}
