/**
 * Where imported quotes stand: `quotes/<source>-<feed>/<SYMBOL>/YYYY/MM/YYYY-MM-DD.parquet`, a New York day a
 * file. A reduced import has a folder of its own, `quotes/alpaca-sip-second-best/…`, and never passes for the
 * whole.
 */
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { type Reduction, reductionName, reductionNamed } from '#market/quotes/reduction.js';
import { decodeTicker, encodeTicker } from '#store/series/file-name.js';

export const QUOTE_SOURCES = ['alpaca', 'massive'] as const;
export type QuoteSourceName = (typeof QUOTE_SOURCES)[number];

/** One table of quotes. */
export interface QuoteTable {
  readonly source: QuoteSourceName;
  /** `sip`, `iex`: lower case letters and digits. */
  readonly feed: string;
  /** Undefined: every quote. */
  readonly reduction: Reduction | undefined;
}

export function isFeed(text: string): boolean {
  return /^[a-z][a-z0-9]{0,15}$/.test(text);
}

/** The name of its folder: `alpaca-sip`, `alpaca-sip-second-best`. */
export function tableName({ source, feed, reduction }: QuoteTable): string {
  return [source, feed, ...(reduction === undefined ? [] : [reductionName(reduction)])].join('-');
}

/** The table whose folder has that name; undefined where there is none such. */
export function tableNamed(name: string): QuoteTable | undefined {
  const [, given = '', feed = '', reduced] = /^([a-z]+)-([a-z0-9]+)(?:-(.+))?$/.exec(name) ?? [];
  const source = QUOTE_SOURCES.find((one) => one === given);
  if (source === undefined || !isFeed(feed)) return undefined;
  const reduction = reduced === undefined ? undefined : reductionNamed(reduced);
  return reduced !== undefined && reduction === undefined ? undefined : { source, feed, reduction };
}

/** `quotes`: the folder of all tables. */
export function tableFolder(quotes: string, table: QuoteTable): string {
  return path.join(quotes, tableName(table));
}

export function symbolFolder(quotes: string, table: QuoteTable, symbol: string): string {
  return path.join(tableFolder(quotes, table), symbolName(symbol));
}

export function quoteFile(quotes: string, table: QuoteTable, symbol: string, day: IsoDay): string {
  const folder = symbolFolder(quotes, table, symbol);
  return path.join(folder, day.slice(0, 4), day.slice(5, 7), `${day}.parquet`);
}

/** Windows keeps these for devices, folders included; as part of a longer name they are free. */
const DEVICE = /^(?:CON|PRN|AUX|NUL|COM\d|LPT\d)$/;

/** A symbol as a folder's name: `CON` is `~CON`, everything else as in series' files. */
export function symbolName(symbol: string): string {
  return DEVICE.test(symbol) ? `~${symbol}` : encodeTicker(symbol);
}

/** The way back; undefined for a name that no symbol has. */
export function symbolNamed(name: string): string | undefined {
  return name.startsWith('~') && DEVICE.test(name.slice(1)) ? name.slice(1) : decodeTicker(name);
}

/** Unfinished work of an import; emptied by the next one. */
export function quotesWorkFolder(quotes: string): string {
  return path.join(quotes, '.work');
}
