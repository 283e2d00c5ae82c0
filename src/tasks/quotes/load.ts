/**
 * `quotes load`: imported days into a table of a database. Where a reduction is asked for that was not
 * imported, it is made of the whole days.
 */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { type LoadNews, loadTable, type TableResult } from '#ingest/loading/load-table.js';
import { type LoadPlan, type LoadWish, planLoad } from '#ingest/loading/plan-load.js';
import { queryColumns } from '#ingest/loading/query-columns.js';
import { writeRowText } from '#ingest/loading/row-text.js';
import type { LoadUnit, UnitText } from '#ingest/loading/unit.js';
import { importDay } from '#ingest/quotes/import-day.js';
import { parquetSource } from '#ingest/quotes/parquet-source.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { fileSha256 } from '#platform/disk/file-sha256.js';
import type { Database } from '#store/database/port.js';
import { scopeOf } from '#store/database/scope.js';
import { firstLine, isEngineError } from '#store/lake/bronze.js';
import type { Duck } from '#store/lake/duckdb.js';
import { readFacts } from '#store/quotes/facts.js';
import { type QuoteTable, quoteFile, symbolName, tableName } from '#store/quotes/layout.js';
import { quoteRows } from '#store/quotes/reader.js';
import { dayFilesOf } from '#store/quotes/tree.js';
import type { LoadWorkshop } from '#tasks/load/load.js';

export interface QuoteLoadRequest extends Omit<LoadWish, 'units' | 'shape'> {
  readonly symbols: readonly string[];
  readonly range: { readonly start: IsoDay; readonly end: IsoDay };
  readonly quotes: QuoteTable;
  /** The folder of all tables of quotes. */
  readonly folder: string;
  /** The database's table. */
  readonly into: string;
}

export interface FailedQuoteDay {
  readonly symbol: string;
  readonly day: IsoDay;
  readonly reason: string;
}

export interface QuoteLoad extends TableResult {
  /** Of quotes: `alpaca-sip`. */
  readonly table: string;
  readonly failed: readonly FailedQuoteDay[];
  /** Of which nothing is imported in the range. */
  readonly without: readonly string[];
}

/** A file's day, and whether it is to be reduced on the way. */
interface QuoteDay {
  readonly symbol: string;
  readonly file: string;
  readonly reduces: boolean;
}

interface QuoteUnits {
  readonly wish: LoadWish;
  readonly days: ReadonlyMap<LoadUnit, QuoteDay>;
  readonly without: readonly string[];
  readonly failed: readonly FailedQuoteDay[];
}

/** `database`: undefined where there is none yet. Throws DatabaseError or the disk's error. */
export async function planQuotes(
  request: QuoteLoadRequest,
  duck: Duck,
  database: Database | undefined,
): Promise<LoadPlan & Pick<QuoteLoad, 'failed' | 'without'>> {
  const { wish, failed, without } = await unitsOf(request, duck);
  return { ...(await planLoad(database, wish)), failed, without };
}

/** Throws as `loadTable` does. */
export async function loadQuotes(
  request: QuoteLoadRequest,
  workshop: LoadWorkshop,
  tools: {
    readonly database: Database;
    readonly batchRows: number;
    readonly signal: AbortSignal;
    readonly hear: (news: LoadNews) => void;
  },
): Promise<QuoteLoad> {
  const { wish, days, without, failed } = await unitsOf(request, workshop.duck);
  const broken: FailedQuoteDay[] = [...failed];
  const { database, signal } = tools;
  const result = await loadTable(wish, {
    ...tools,
    textOf: async (unit) => {
      const day = days.get(unit);
      if (day === undefined) return undefined;
      try {
        return await textOf(unit, day, request.quotes, workshop, { database, signal });
      } catch (error) {
        if (!isEngineError(error)) throw error;
        broken.push({ symbol: day.symbol, day: unit.day, reason: firstLine(error) });
        return undefined;
      }
    },
  });
  return { table: tableName(request.quotes), ...result, failed: broken, without };
}

async function unitsOf(request: QuoteLoadRequest, duck: Duck): Promise<QuoteUnits> {
  const { symbols, into } = request;
  const days = new Map<LoadUnit, QuoteDay>();
  const failed: FailedQuoteDay[] = [];
  const without: string[] = [];
  for (const symbol of symbols) {
    const files = filesOf(request, symbol);
    if (files.size === 0) without.push(symbol);
    for (const [day, { file, reduces }] of files) {
      const facts = await readFacts(duck, [file]).catch(() => new Map<string, never>());
      const rows = facts.get(file)?.rows;
      if (rows === undefined) {
        failed.push({
          symbol,
          day,
          reason: 'its file does not say what it holds: import it again with --force',
        });
        continue;
      }
      const sha256 = await fileSha256(file);
      const unit: LoadUnit = {
        day,
        scope: scopeOf([symbol]),
        only: { column: 'symbol', values: [symbol] },
        fingerprint: reduces ? `${sha256} ${tableName(request.quotes)}` : sha256,
        rows,
      };
      days.set(unit, { symbol, file, reduces });
    }
  }
  const shape = { name: into, holds: tableName(request.quotes) };
  return { wish: { ...request, shape, units: [...days.keys()] }, days, without, failed };
}

/** By day: the file of the table that is asked for, or of the whole one. */
function filesOf(
  { quotes, folder, range }: QuoteLoadRequest,
  symbol: string,
): ReadonlyMap<IsoDay, Omit<QuoteDay, 'symbol'>> {
  const within = { from: range.start, to: range.end };
  const days = new Map<IsoDay, Omit<QuoteDay, 'symbol'>>();
  if (quotes.reduction !== undefined)
    for (const { day, file } of dayFilesOf(folder, { ...quotes, reduction: undefined }, symbol, within))
      days.set(day, { file, reduces: true });
  for (const { day, file } of dayFilesOf(folder, quotes, symbol, within))
    days.set(day, { file, reduces: false });
  return new Map([...days].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function textOf(
  { day }: LoadUnit,
  { symbol, file, reduces }: QuoteDay,
  quotes: QuoteTable,
  { duck, work }: LoadWorkshop,
  { database, signal }: { readonly database: Database; readonly signal: AbortSignal },
): Promise<UnitText> {
  const reduced = reduces ? quoteFile(work, quotes, symbol, day) : undefined;
  let leftOut = 0;
  try {
    if (reduced !== undefined) {
      const source = parquetSource(
        async () => duck,
        () => file,
      );
      const options = { source, table: quotes, quotes: work, work, duck: async () => duck, signal };
      const made = await importDay(
        symbol,
        day,
        { ...options, checkLock: async () => undefined },
        () => undefined,
      );
      leftOut = made.quotes - made.rows;
    }
    const query = `SELECT * FROM ${quoteRows([reduced ?? file])}`;
    const columns = (await queryColumns(duck, query)).filter((one) => database.typeOf(one) !== undefined);
    const rows = path.join(work, `${symbolName(symbol)}-${day}.rows`);
    await writeRowText(duck, query, columns, rows);
    return { file: rows, columns, leftOut };
  } finally {
    if (reduced !== undefined && existsSync(reduced)) await rm(reduced);
  }
}
