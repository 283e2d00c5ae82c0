/**
 * Before planning: are the series files still as barloom left them? One that somebody changed, removed or put
 * there is looked at again from the archive; one that cannot be read is moved aside.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import pLimit from 'p-limit';
import type { Wanted } from '#ingest/plan/wanted.js';
import { type FileStamp, moveAside } from '#platform/disk/durable.js';
import { partsOfFile } from '#platform/disk/read.js';
import { sha256Of } from '#platform/disk/sha256.js';
import { stampOf } from '#platform/disk/stamp.js';
import { type DatasetProgress, NO_FILE, type SeriesRecord } from '#store/ledger/model.js';
import { seriesFileName } from '#store/series/file-name.js';
import { readSeriesRows } from '#store/series/read-series.js';
import type { SeriesTarget } from './series-writer.js';

export interface SeriesCheck {
  /** Tickers of whose series nothing is known any more. */
  readonly forget: readonly string[];
  /** Files that were replaced as announced by a run that could not say so any more. */
  readonly finished: Readonly<Record<string, SeriesRecord>>;
  readonly notes: readonly string[];
}

/** `readOnly`: nothing is moved. */
export async function checkSeries(
  wanted: Wanted,
  known: DatasetProgress,
  target: SeriesTarget,
  readOnly: boolean,
): Promise<SeriesCheck> {
  const tickers = wanted === '*' ? [...known.series.keys()] : wanted;
  const limit = pLimit(16);
  const forget: string[] = [];
  const finished: Record<string, SeriesRecord> = Object.create(null) as Record<string, SeriesRecord>;
  const notes: string[] = [];
  await Promise.all(
    tickers.map((ticker) =>
      limit(async () => {
        const file = path.join(target.folder, seriesFileName(ticker, target.form));
        const found = await stampIfThere(file);
        const left = known.series.get(ticker);
        if (found?.size === left?.size && found?.mtimeMs === left?.mtimeMs) return;
        if (found === undefined && left?.size === NO_FILE) return;
        if (found !== undefined && left?.next !== undefined && (await hashOf(file)) === left.next) {
          finished[ticker] = { ...found, seen: true };
          return;
        }
        forget.push(ticker);
        if (found === undefined) {
          if (left !== undefined) notes.push(`${path.basename(file)} is gone; it is made again`);
          return;
        }
        const parsed = await readSeriesRows(file, target.form);
        if (parsed.ok) return;
        const aside = readOnly ? undefined : path.basename(await moveAside(file, 'unreadable', target.now));
        const what = aside === undefined ? '' : `; it was moved to ${aside}, and ${ticker} is made again`;
        notes.push(`${path.basename(file)} cannot be read (${parsed.reason})${what}`);
      }),
    ),
  );
  return { forget: forget.filter((ticker) => isKnown(ticker, known)), finished, notes };
}

function hashOf(file: string): Promise<string> {
  return sha256Of(() => partsOfFile(file));
}

function isKnown(ticker: string, known: DatasetProgress): boolean {
  return known.series.has(ticker) || known.lookups.has(ticker) || known.everyTicker.length > 0;
}

export async function stampIfThere(file: string): Promise<FileStamp | undefined> {
  try {
    return stampOf(await stat(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
