/**
 * A day of a symbol: the source's quotes, what a reduction keeps of them, the text of it, the Parquet file.
 * Nothing has the file's name before all of it is there.
 */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Quote } from '#market/quotes/quote.js';
import { newReducer } from '#market/quotes/reduce.js';
import type { Duck } from '#store/lake/duckdb.js';
import { writeQuoteDay } from '#store/quotes/day-file.js';
import { type DayText, type DayTextWriter, newDayText } from '#store/quotes/day-text.js';
import { type QuoteTable, quoteFile, symbolName, tableName } from '#store/quotes/layout.js';
import type { QuoteSource, QuoteTaker } from './source.js';

export interface DayImport {
  readonly source: QuoteSource;
  readonly table: QuoteTable;
  /** The folder of all tables, and one for unfinished work. */
  readonly quotes: string;
  readonly work: string;
  readonly duck: () => Promise<Pick<Duck, 'connection'>>;
  readonly checkLock: () => Promise<void>;
  readonly signal: AbortSignal;
}

export interface ImportedDay {
  /** What the source had, and what was kept. */
  readonly quotes: number;
  readonly rows: number;
  /** Of the file. */
  readonly bytes: number;
}

/**
 * `hear` is told of each portion of quotes that has come. Throws what the source throws, the disk's error, or
 * what `checkLock` throws.
 */
export async function importDay(
  symbol: string,
  day: IsoDay,
  options: DayImport,
  hear: (quotes: number) => void,
): Promise<ImportedDay> {
  const { source, table, quotes: folder, work, duck, checkLock } = options;
  const file = path.join(work, `${symbolName(symbol)}.${day}.csv`);
  try {
    const { text, quotes } = await takeDay(symbol, day, file, options, hear);
    const facts = { symbol, day, table: tableName(table), quotes, rows: text.rows, from: source.from };
    const target = quoteFile(folder, table, symbol, day);
    const bytes = await writeQuoteDay(
      { file: target, text, reduction: table.reduction, facts },
      await duck(),
      checkLock,
    );
    return { quotes, rows: text.rows, bytes };
  } finally {
    await rm(file, { force: true });
  }
}

async function takeDay(
  symbol: string,
  day: IsoDay,
  file: string,
  { source, table, signal }: DayImport,
  hear: (quotes: number) => void,
): Promise<{ readonly text: DayText; readonly quotes: number }> {
  const begin = () => {
    const writer = newDayText(file, table.reduction);
    return { writer, sieve: newSieve(table, writer), quotes: 0 };
  };
  let taking = begin();
  try {
    const count = (quotes: number): void => {
      taking.quotes += quotes;
      hear(quotes);
    };
    const taker: QuoteTaker = {
      take: (portion) => {
        for (const quote of portion) taking.sieve.take(quote);
        count(portion.length);
      },
      get lines() {
        return table.reduction === undefined ? taking.writer.lines : undefined;
      },
      wrote: count,
      again: () => {
        taking.writer.end();
        hear(-taking.quotes);
        taking = begin();
      },
    };
    await source.readDay(symbol, day, taker, signal);
    taking.sieve.end();
  } catch (error) {
    taking.writer.end();
    throw error;
  }
  return { text: taking.writer.end(), quotes: taking.quotes };
}

function newSieve(
  { reduction }: QuoteTable,
  { add }: DayTextWriter,
): { readonly take: (quote: Quote) => void; readonly end: () => void } {
  if (reduction === undefined)
    return {
      take: (quote) => add({ second: undefined, bid: quote, ask: quote }),
      end: () => undefined,
    };
  const reducer = newReducer<Quote>(reduction);
  const keep = (row: ReturnType<typeof reducer.end>): void => {
    if (row !== undefined) add(row);
  };
  return {
    take: (quote) => keep(reducer.take(quote, Number(quote.tsNs.slice(0, -9)))),
    end: () => keep(reducer.end()),
  };
}
