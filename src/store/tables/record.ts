/**
 * What is known of a table besides its rows: which windows are loaded and with what content, which tickers were
 * asked for, and the files with their hashes. It stands beside the files, and is no truth of its own: without
 * it the windows are loaded again, and nothing is doubled.
 */
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { type FileStamp, replaceFiles } from '#platform/disk/durable.js';
import { readTextIfThere } from '#platform/disk/read-whole.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { LakeError } from '#store/lake/lake-error.js';
import { type TablePartition, tableFolder } from './layout.js';

/** Of the files' columns and of this record. A newer barloom's is refused. */
export const TABLES_SCHEMA = 1;

export const TABLE_RECORD = 'windows.json';
const MOST_BYTES = 256 << 20;

export interface WindowRecord {
  readonly rows: number;
  /** Of the keys and contents that came; null where the window is open, and so never done. */
  readonly sha256: string | null;
  /** Rows that were seen first in this load have this moment. */
  readonly loaded_at: string;
  readonly done: boolean;
  /** The older endpoint it came from, where it did. */
  readonly endpoint?: string;
}

export interface TickerRecord {
  readonly rows: number;
  readonly asked_at: string;
  readonly endpoint?: string;
}

export interface FailureRecord {
  readonly error: string;
  readonly at: string;
}

export interface TableFileRecord {
  readonly stamp: FileStamp;
  readonly sha256: string;
  readonly rows: number;
}

export interface TableRecord {
  /** Where the records come from; undefined before the first answer. */
  source: string | undefined;
  /** The day of the first load: what is dated before it was not seen coming. */
  since: IsoDay | undefined;
  /** The day of the last look at the newest records. */
  lookedAt: IsoDay | undefined;
  /** The same of the older endpoint, where the plan denies the newer. */
  olderLookedAt: IsoDay | undefined;
  /** The newest moment that a row or a window has: it never goes back. */
  lastMoment: string | undefined;
  /** The vendor's refusal of the whole type. */
  denied: FailureRecord | undefined;
  /** The same of the older endpoint. */
  olderDenied: FailureRecord | undefined;
  readonly windows: Map<string, WindowRecord>;
  readonly tickers: Map<string, TickerRecord>;
  /** By window or ticker; gone once it succeeds. */
  readonly failed: Map<string, FailureRecord>;
  readonly files: Map<TablePartition, TableFileRecord>;
}

type Root = Pick<FolderLayout, 'dataDir'>;

/** Throws LakeError for a newer barloom's, or the disk's error. */
export async function readTableRecord(layout: Root, type: string): Promise<TableRecord> {
  const file = path.join(tableFolder(layout, type), TABLE_RECORD);
  const document = parsed((await readTextIfThere(file, MOST_BYTES)) ?? '');
  const { schema } = document;
  if (typeof schema === 'number' && schema > TABLES_SCHEMA)
    throw new LakeError(
      `${file} is of schema ${schema}, and this barloom knows ${TABLES_SCHEMA}: use the newer barloom that wrote it`,
      'usage',
    );
  return {
    source: text(document['source']),
    since: text(document['since']),
    lookedAt: text(document['looked_at']),
    olderLookedAt: text(document['older_looked_at']),
    lastMoment: text(document['last_moment']),
    denied: failure(document['denied']),
    olderDenied: failure(document['older_denied']),
    windows: entries(document['windows'], ({ loaded_at }) => typeof loaded_at === 'string'),
    tickers: entries(document['tickers'], ({ asked_at }) => typeof asked_at === 'string'),
    failed: entries(document['failed'], ({ error }) => typeof error === 'string'),
    files: entries(document['files'], ({ sha256, stamp }) => typeof sha256 === 'string' && isRecord(stamp)),
  };
}

/** Durable when it resolves. `checkLock`: the last word before it takes its name. */
export function writeTableRecord(
  layout: Root,
  type: string,
  record: TableRecord,
  checkLock: () => Promise<void>,
): Promise<void> {
  const { source, since, lastMoment, denied, windows, tickers, failed, files } = record;
  const document = {
    schema: TABLES_SCHEMA,
    source,
    since,
    looked_at: record.lookedAt,
    older_looked_at: record.olderLookedAt,
    last_moment: lastMoment,
    denied,
    older_denied: record.olderDenied,
    windows: sorted(windows),
    files: sorted(files),
    failed: sorted(failed),
    tickers: sorted(tickers),
  };
  const file = path.join(tableFolder(layout, type), TABLE_RECORD);
  return replaceFiles([{ file, content: `${JSON.stringify(document)}\n` }], checkLock);
}

function sorted<T>(map: ReadonlyMap<string, T>): Readonly<Record<string, T>> {
  return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function entries<T>(
  value: unknown,
  holds: (entry: Readonly<Record<string, unknown>>) => boolean,
): Map<string, T> {
  const all = isRecord(value) ? Object.entries(value) : [];
  return new Map(all.flatMap(([name, one]) => (isRecord(one) && holds(one) ? [[name, one as T]] : [])));
}

function failure(value: unknown): FailureRecord | undefined {
  return isRecord(value) ? (value as unknown as FailureRecord) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function parsed(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
