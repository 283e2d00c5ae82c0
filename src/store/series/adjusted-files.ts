/**
 * Adjusted series beside the raw ones, as yfinance writes them, and what each was made of: its raw file and
 * its events. All of it is derived and can be deleted.
 */
import path from 'node:path';
import type { FileStamp } from '#platform/disk/durable.js';
import { replaceFiles } from '#platform/disk/durable.js';
import { readTextIfThere } from '#platform/disk/read-whole.js';
import type { FolderLayout } from '#store/folder/layout.js';

type Root = Pick<FolderLayout, 'dataDir'>;

export function adjustedFolder({ dataDir }: Root): string {
  return path.join(dataDir, 'data_cache', 'adjusted');
}

export const ADJUSTED_HEADER = 'Date,Open,High,Low,Close,Adj Close,Volume\n';

export interface AdjustedFile {
  readonly raw: FileStamp;
  /** Of the events that count by now and of the rules. */
  readonly events: string;
  readonly own: FileStamp;
}

/** By the file's name. */
export type AdjustedRecord = ReadonlyMap<string, AdjustedFile>;

const RECORD = '.adjusted.json';
const SCHEMA = 1;
const MOST_BYTES = 64 << 20;

/** Empty where there is none that can be read: then all are made again, and compared. */
export async function readAdjustedRecord(layout: Root): Promise<AdjustedRecord> {
  const text = (await readTextIfThere(path.join(adjustedFolder(layout), RECORD), MOST_BYTES)) ?? '';
  try {
    const { schema, files } = JSON.parse(text) as { schema: unknown; files: Record<string, AdjustedFile> };
    return schema === SCHEMA ? new Map(Object.entries(files)) : new Map();
  } catch {
    return new Map();
  }
}

export function writeAdjustedRecord(
  layout: Root,
  record: AdjustedRecord,
  checkLock: () => Promise<void>,
): Promise<void> {
  const files = Object.fromEntries([...record].sort(([a], [b]) => (a < b ? -1 : 1)));
  const content = `${JSON.stringify({ schema: SCHEMA, files })}\n`;
  return replaceFiles([{ file: path.join(adjustedFolder(layout), RECORD), content }], checkLock);
}
