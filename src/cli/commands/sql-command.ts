/** `barloom sql`: a question in SQL to the folder's tables; without one, on a terminal, a prompt. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Environment } from '#cli/environment.js';
import type { Invocation } from '#cli/invocation.js';
import { asOfOption } from '#cli/options/as-of.js';
import { ownPlace } from '#cli/options/own-files.js';
import { quotesFolder } from '#cli/options/quote-options.js';
import { counted } from '#cli/output/quantities.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { safeText } from '#cli/output/safe-text.js';
import { sqlTable } from '#cli/output/sql-table.js';
import { commandContext } from '#cli/run/context.js';
import { halfOfFree, lakeTools, memoryOption } from '#cli/run/lake-tools.js';
import { UsageError } from '#cli/usage-error.js';
import { temporaryName } from '#platform/disk/durable.js';
import { openOutput } from '#platform/disk/output-file.js';
import { readWhole } from '#platform/disk/read-whole.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { type Cell, cellValue, rowsOf } from '#tasks/sql/result-rows.js';
import { openSql, type SqlSession } from '#tasks/sql/session.js';
import { writeRows } from '#tasks/sql/write-rows.js';

const FORMATS = ['table', 'csv', 'json', 'ndjson', 'parquet'] as const;
type Format = (typeof FORMATS)[number];

/** Rows of a table on a terminal. */
const SHOWN = 50;
const MOST_SQL_BYTES = 16 << 20;

export function sqlCommand(invocation: Invocation): Promise<number> {
  return reported('sql', invocation, () => sql(invocation));
}

async function sql(invocation: Invocation): Promise<CommandResult> {
  const { flags, environment } = invocation;
  const context = await commandContext(invocation, 'anywhere');
  const { layout, now } = context;
  const allowFiles = flags['allowFiles'] === true;
  if (!existsSync(layout.dataDir))
    throw new UsageError(`There is no folder ${layout.dataDir}: say with --data-dir where the data is.`);
  const output = outputOf(flags['output'], layout, environment.cwd);
  const format = formatOf(flags['format'], output, environment);
  const text = await textOfQuery(invocation);
  const session = await openSql({
    layout,
    quotes: quotesFolder(context),
    now,
    asOf: asOfOption(flags['asOf']),
    allowFiles,
    memoryBytes: memoryOption(flags['memory']) ?? halfOfFree(),
    threads: lakeTools('sql', context, invocation).threads,
    ...(output === undefined ? {} : { output: temporaryName(output) }),
    warn: (warning) => environment.stderr(`barloom: ${safeText(warning)}\n`),
  });
  const interrupt = (): void => session.interrupt();
  environment.signal.addEventListener('abort', interrupt);
  try {
    if (text === undefined) {
      const { sqlPrompt } = await import('#cli/run/sql-prompt.js');
      return await sqlPrompt(session, environment);
    }
    if (output !== undefined) return await toFile(session, text, { output, format, environment });
    if (context.json) return await asDocument(session, text);
    return await toStdout(session, text, format, environment);
  } catch (error) {
    environment.signal.throwIfAborted();
    throw error;
  } finally {
    environment.signal.removeEventListener('abort', interrupt);
    session.close();
  }
}

/** Undefined: nothing was said, and somebody is there to be asked. */
async function textOfQuery({ args, flags, environment }: Invocation): Promise<string | undefined> {
  const given = args.join(' ').trim();
  if (given !== '' && flags['file'] !== undefined) throw new UsageError('Give only one of SQL text and -f.');
  if (flags['file'] !== undefined) {
    const file = String(flags['file']);
    const from = file === '-' ? '/dev/stdin' : path.resolve(environment.cwd, file);
    return (await readWhole(from, MOST_SQL_BYTES, 'wait')).toString('utf8');
  }
  if (given !== '') return given;
  if (environment.stdinTerminal && environment.stdoutTerminal) return undefined;
  throw new UsageError(
    'Say what is asked: barloom sql "SELECT …", or -f FILE.sql; on a terminal there is a prompt.',
  );
}

function formatOf(given: unknown, output: string | undefined, { stdoutTerminal }: Environment): Format {
  if (given === undefined) {
    const ending = output === undefined ? '' : path.extname(output).slice(1).replace('jsonl', 'ndjson');
    const byName = FORMATS.find((format) => format === ending);
    return byName ?? (output === undefined && stdoutTerminal ? 'table' : 'csv');
  }
  const format = FORMATS.find((one) => one === given);
  if (format === undefined)
    throw new UsageError(`--format ${String(given)} is not known: give ${FORMATS.join(', ')}.`);
  if (format === 'parquet' && output === undefined)
    throw new UsageError('Parquet goes into a file: say -o FILE.parquet.');
  return format;
}

function outputOf(given: unknown, layout: FolderLayout, cwd: string): string | undefined {
  if (given === undefined || given === '-') return undefined;
  const file = path.resolve(cwd, String(given));
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true)
    throw new UsageError(`${file} is a folder: give -o a file's name.`);
  if (!existsSync(path.dirname(file)))
    throw new UsageError(`There is no folder ${path.dirname(file)} for -o: make it first.`);
  const refusal = ownPlace(file, layout);
  if (refusal !== undefined) throw new UsageError(refusal);
  return file;
}

async function toStdout(
  session: SqlSession,
  text: string,
  format: Format,
  { stdoutColumns, writeOut, stdoutTerminal }: Environment,
): Promise<CommandResult> {
  const result = await session.query(text);
  if (result === undefined || result.columnCount === 0) return { exitCode: 0 };
  const rows = rowsOf(result);
  if (format === 'table') {
    await writeOut(
      await sqlTable(rows, {
        columns: stdoutColumns(),
        rows: stdoutTerminal ? SHOWN : Number.POSITIVE_INFINITY,
      }),
    );
    return { exitCode: 0 };
  }
  if (format === 'parquet') throw new UsageError('Parquet goes into a file: say -o FILE.parquet.');
  await writeRows(rows, format, writeOut);
  return { exitCode: 0 };
}

interface FileWish {
  readonly output: string;
  readonly format: Format;
  readonly environment: Environment;
}

/** The file has its name once it is whole. */
async function toFile(
  session: SqlSession,
  text: string,
  { output, format, environment }: FileWish,
): Promise<CommandResult> {
  const file = await openOutput(output);
  const rows = await environment.tidied(file.drop, async () => {
    try {
      const written =
        format === 'parquet'
          ? await session.toParquet(text, temporaryName(output))
          : await rowsToFile(session, text, format, file.write);
      await file.finish();
      return written;
    } finally {
      await file.abandon();
    }
  });
  environment.stderr(`${counted(rows, 'row')} in ${safeText(output)}\n`);
  return { exitCode: 0, document: { rows, output } };
}

async function rowsToFile(
  session: SqlSession,
  text: string,
  format: Exclude<Format, 'parquet'>,
  write: (content: string) => Promise<boolean>,
): Promise<number> {
  const result = await session.query(text);
  if (result === undefined) return 0;
  if (format !== 'table') return writeRows(rowsOf(result), format, write);
  let rows = 0;
  const { columns, chunks } = rowsOf(result);
  async function* counting(): typeof chunks extends AsyncIterable<infer T> ? AsyncGenerator<T> : never {
    for await (const chunk of chunks) {
      rows += chunk.length;
      yield chunk;
    }
  }
  await write(
    await sqlTable({ columns, chunks: counting() }, { columns: 1_000_000, rows: Number.POSITIVE_INFINITY }),
  );
  return rows;
}

/** For programs: everything in one document. */
async function asDocument(session: SqlSession, text: string): Promise<CommandResult> {
  const result = await session.query(text);
  if (result === undefined) return { exitCode: 0, document: { columns: [], rows: [] } };
  const { columns, chunks } = rowsOf(result);
  const rows: unknown[] = [];
  const objectOf = (row: readonly Cell[]): unknown =>
    Object.fromEntries(columns.map((column, i) => [column.name, cellValue(row[i] ?? null, column)]));
  for await (const chunk of chunks) for (const row of chunk) rows.push(objectOf(row));
  return { exitCode: 0, document: { columns: columns.map(({ name, type }) => ({ name, type })), rows } };
}
