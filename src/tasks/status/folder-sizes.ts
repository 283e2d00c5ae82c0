/**
 * What stands in the folders of both tiers, from names and sizes alone: no series and no day is opened for
 * it.
 */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { SeriesForm } from '#market/datasets/series-form.js';
import { seriesFileName, tickerOfFileName } from '#store/series/file-name.js';

export interface SeriesFiles {
  readonly files: number;
  readonly bytes: number;
  /** Tickers of series that nobody tracks, ascending; the file's name where it does not give the ticker. */
  readonly untracked: readonly string[];
  /** Tracked tickers that have no series here, ascending. */
  readonly missing: readonly string[];
}

/** Of the files of that form. Throws the disk's error, but for a folder that is not there. */
export function seriesFiles(folder: string, form: SeriesForm, tracked: readonly string[]): SeriesFiles {
  const expected = new Map(tracked.map((ticker) => [seriesFileName(ticker, form), ticker]));
  const untracked: string[] = [];
  let [files, bytes] = [0, 0];
  for (const name of namesIn(folder)) {
    if (!name.endsWith(form.suffix)) continue;
    const size = sizeOf(path.join(folder, name));
    if (size === undefined) continue;
    files++;
    bytes += size;
    if (!expected.delete(name)) untracked.push(tickerOfFileName(name, form) ?? name);
  }
  return { files, bytes, untracked: untracked.sort(), missing: [...expected.values()].sort() };
}

/** Bytes of the files that stand in the folder itself; 0 where there is none. */
export function folderBytes(folder: string): number {
  return namesIn(folder).reduce((sum, name) => sum + (sizeOf(path.join(folder, name)) ?? 0), 0);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Undefined for what is no file, or is gone by now. */
function sizeOf(file: string): number | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  return found?.isFile() === true ? found.size : undefined;
}
