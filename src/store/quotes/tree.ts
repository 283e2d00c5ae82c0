/**
 * What is there of imported quotes: tables, their symbols, their days. A file under its final name is a whole
 * day, so names are all that has to be looked at.
 */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { isIsoDay } from '#market/calendar/iso-day.js';
import {
  type QuoteTable,
  quoteFile,
  symbolFolder,
  symbolNamed,
  tableFolder,
  tableName,
  tableNamed,
} from './layout.js';

export interface QuoteDayFile {
  readonly symbol: string;
  readonly day: IsoDay;
  readonly file: string;
  readonly bytes: number;
}

/** Ascending by name. */
export function tablesIn(quotes: string): readonly QuoteTable[] {
  return namesIn(quotes).flatMap((name) => {
    const table = tableNamed(name);
    return table !== undefined && tableName(table) === name ? [table] : [];
  });
}

/** Ascending. */
export function symbolsIn(quotes: string, table: QuoteTable): readonly string[] {
  return namesIn(tableFolder(quotes, table))
    .flatMap((name) => symbolNamed(name) ?? [])
    .sort();
}

/** Ascending by day. `from` and `to`, both included: default all. */
export function dayFilesOf(
  quotes: string,
  table: QuoteTable,
  symbol: string,
  { from = '', to = '9999' }: { readonly from?: IsoDay; readonly to?: IsoDay } = {},
): readonly QuoteDayFile[] {
  const folder = symbolFolder(quotes, table, symbol);
  const found: QuoteDayFile[] = [];
  for (const year of namesIn(folder).filter((name) => /^\d{4}$/.test(name)))
    for (const month of namesIn(path.join(folder, year)).filter((name) => /^\d{2}$/.test(name)))
      for (const name of namesIn(path.join(folder, year, month))) {
        const day = /^(\d{4}-\d{2}-\d{2})\.parquet$/.exec(name)?.[1];
        if (day === undefined || !isIsoDay(day) || day < from || day > to) continue;
        const file = quoteFile(quotes, table, symbol, day);
        if (file !== path.join(folder, year, month, name)) continue;
        const stat = statSync(file, { throwIfNoEntry: false });
        if (stat?.isFile() === true) found.push({ symbol, day, file, bytes: stat.size });
      }
  return found;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
