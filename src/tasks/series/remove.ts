/** remove: tickers that are tracked no longer, and their series where they are to go too. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { stampIfThere } from '#ingest/series/series-check.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { replaceFiles, syncFolder } from '#platform/disk/durable.js';
import { seriesFolder } from '#store/folder/layout.js';
import type { DataFolder } from '#store/folder/open.js';
import { seriesFileName } from '#store/series/file-name.js';
import { readSeriesRows } from '#store/series/read-series.js';

/** A series that is going to be deleted. */
export interface SeriesFile {
  readonly ticker: string;
  readonly file: string;
  readonly rows: number;
  /** Rows of days that the archive does not hold: they cannot be made again. */
  readonly only_here: number;
}

/** The series files of the tickers, those that there are. Throws the disk's error. */
export async function seriesFilesOf(
  folder: DataFolder,
  dataset: Dataset,
  tickers: readonly string[],
): Promise<readonly SeriesFile[]> {
  const archived = new Set<IsoDay>(folder.archive(dataset).days());
  const found: SeriesFile[] = [];
  for (const ticker of tickers) {
    const file = path.join(seriesFolder(folder.layout, dataset), seriesFileName(ticker, dataset.series));
    if ((await stampIfThere(file)) === undefined) continue;
    const parsed = await readSeriesRows(file, dataset.series);
    const rows = parsed.ok ? parsed.rows : [];
    found.push({
      ticker,
      file,
      rows: rows.length,
      only_here: rows.filter(({ day }) => !archived.has(day)).length,
    });
  }
  return found;
}

/**
 * Under the lock. `trackedText`: tracked.txt without the tickers; undefined: it stays. What is deleted is
 * forgotten first, so that a run that is cut off in between looks at the files as somebody else's. Tracked
 * they are to the last, so that the same command again goes on.
 */
export async function removeTickers(
  folder: DataFolder,
  dataset: Dataset,
  trackedText: { readonly file: string; readonly content: string } | undefined,
  deleted: readonly SeriesFile[],
): Promise<void> {
  if (deleted.length > 0) {
    const tickers = deleted.map(({ ticker }) => ticker);
    await folder.progress.record([{ step: 'forget', dataset: dataset.name, tickers }]);
    for (const { file } of deleted) await rm(file, { force: true });
    await syncFolder(seriesFolder(folder.layout, dataset));
    await folder.save();
  }
  if (trackedText !== undefined) await replaceFiles([trackedText]);
}
