/** What is here of imported quotes, and how far a running import is. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { lockHolder } from '#platform/lock/lock.js';
import type { Duck } from '#store/lake/duckdb.js';
import { readFacts } from '#store/quotes/facts.js';
import { type ImportRecord, readImportRecord } from '#store/quotes/import-record.js';
import { tableName } from '#store/quotes/layout.js';
import { dayFilesOf, symbolsIn, tablesIn } from '#store/quotes/tree.js';

export interface SymbolStatus {
  readonly symbol: string;
  readonly days: number;
  readonly first: IsoDay;
  readonly last: IsoDay;
  /** Quotes that the source had, and rows here. */
  readonly quotes: number;
  readonly rows: number;
  readonly bytes: number;
  /** Files that do not say what they are: damaged, or another program's. */
  readonly unreadable: readonly string[];
}

export interface TableStatus {
  readonly table: string;
  readonly symbols: readonly SymbolStatus[];
}

export interface QuotesStatus {
  readonly tables: readonly TableStatus[];
  readonly run: (ImportRecord & { readonly running: boolean }) | undefined;
}

/** Throws the disk's error. */
export async function quotesStatus(quotes: string, duck: () => Promise<Duck>): Promise<QuotesStatus> {
  const record = await readImportRecord(quotes);
  const holder = record?.ended === null ? await lockHolder(quotes) : undefined;
  const tables: TableStatus[] = [];
  for (const table of tablesIn(quotes)) {
    const symbols: SymbolStatus[] = [];
    for (const symbol of symbolsIn(quotes, table)) {
      const files = dayFilesOf(quotes, table, symbol);
      const [first, last] = [files[0], files.at(-1)];
      if (first === undefined || last === undefined) continue;
      const names = files.map(({ file }) => file);
      const facts = await factsOf(names, await duck());
      const known = [...facts.values()];
      symbols.push({
        symbol,
        days: files.length,
        first: first.day,
        last: last.day,
        quotes: known.reduce((sum, one) => sum + one.quotes, 0),
        rows: known.reduce((sum, one) => sum + one.rows, 0),
        bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
        unreadable: names.filter((file) => !facts.has(file)),
      });
    }
    tables.push({ table: tableName(table), symbols });
  }
  return {
    tables,
    run: record && { ...record, running: record.ended === null && holder?.holder.pid === record.pid },
  };
}

/** One damaged file hides no other. */
async function factsOf(files: readonly string[], duck: Duck): ReturnType<typeof readFacts> {
  try {
    return await readFacts(duck, files);
  } catch {
    const all = await Promise.all(files.map((file) => readFacts(duck, [file]).catch(() => new Map())));
    return new Map(all.flatMap((one) => [...one]));
  }
}
