/**
 * Whether imported quotes are what they say: each file a day of its table, symbol and name, with as many rows;
 * `deep`: every row, in the order of its moments, each moment's numbered without a gap.
 */
import path from 'node:path';
import { moveAside } from '#platform/disk/durable.js';
import { type Duck, literal } from '#store/lake/duckdb.js';
import { type QuoteFileFacts, readFacts } from '#store/quotes/facts.js';
import { type QuoteTable, tableName } from '#store/quotes/layout.js';
import { quoteRows } from '#store/quotes/reader.js';
import { dayFilesOf, type QuoteDayFile, symbolsIn, tablesIn } from '#store/quotes/tree.js';

export interface QuoteDamage {
  /** Below the folder of all tables, with slashes. */
  readonly file: string;
  readonly what: string;
}

export interface VerifiedQuotes {
  readonly table: string;
  readonly files: number;
  readonly rows: number;
  readonly damage: readonly QuoteDamage[];
}

export interface VerifyTools {
  readonly duck: Duck;
  readonly deep: boolean;
  readonly signal: AbortSignal;
}

/** Throws the disk's error, or the signal's reason. */
export async function verifyQuotes(quotes: string, tools: VerifyTools): Promise<readonly VerifiedQuotes[]> {
  const all: VerifiedQuotes[] = [];
  for (const table of tablesIn(quotes)) {
    const damage: QuoteDamage[] = [];
    let [files, rows] = [0, 0];
    for (const symbol of symbolsIn(quotes, table))
      for (const day of dayFilesOf(quotes, table, symbol)) {
        tools.signal.throwIfAborted();
        files++;
        const found = await verifyDay(day, table, tools);
        if (typeof found === 'number') rows += found;
        else damage.push({ file: path.relative(quotes, day.file).split(path.sep).join('/'), what: found });
      }
    if (files > 0) all.push({ table: tableName(table), files, rows, damage });
  }
  return all;
}

/** Its rows, or what is wrong with it. */
async function verifyDay(
  { file, symbol, day }: QuoteDayFile,
  table: QuoteTable,
  { duck, deep }: VerifyTools,
): Promise<number | string> {
  let facts: QuoteFileFacts | undefined;
  try {
    facts = (await readFacts(duck, [file])).get(file);
    if (facts === undefined) return 'does not say what it is';
    if (facts.symbol !== symbol || facts.day !== day || facts.table !== tableName(table))
      return `is ${facts.table} of ${facts.symbol} on ${facts.day} by its own word`;
    const [meta] = await duck.rows(`SELECT num_rows FROM parquet_file_metadata(${literal(file)})`);
    const rows = Number(meta?.['num_rows']);
    if (rows !== facts.rows) return `has ${rows} rows, and had ${facts.rows}`;
    return deep ? await everyRow(file, facts, duck) : rows;
  } catch (error) {
    return `cannot be read: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`;
  }
}

async function everyRow(
  file: string,
  { symbol, rows }: QuoteFileFacts,
  duck: Duck,
): Promise<number | string> {
  const [row] = await duck.rows(
    `SELECT count(*) AS n, bit_xor(hash(q)) AS every, ` +
      `count(*) FILTER (symbol IS DISTINCT FROM ${literal(symbol)} OR ts_ns < before ` +
      `OR ord <> CASE WHEN ts_ns = before THEN ord_before + 1 ELSE 0 END) AS odd ` +
      `FROM (SELECT *, lag(ts_ns) OVER () AS before, lag(ord) OVER () AS ord_before FROM ${quoteRows([file])}) q`,
  );
  if (Number(row?.['n']) !== rows) return `has ${String(row?.['n'])} rows, and had ${rows}`;
  return Number(row?.['odd']) > 0
    ? `has ${String(row?.['odd'])} rows out of order or another symbol's`
    : rows;
}

/**
 * Moves damaged files aside, so that the next import takes their days again; returns their new names. Only under
 * the lock.
 */
export async function setQuotesAside(
  quotes: string,
  damage: readonly QuoteDamage[],
  now: Date,
): Promise<readonly string[]> {
  const aside: string[] = [];
  for (const { file } of damage)
    aside.push(path.relative(quotes, await moveAside(path.join(quotes, file), 'damaged', now)));
  return aside;
}
