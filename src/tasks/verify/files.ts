/** How verify names files to people, and which names in a data folder are left over from earlier runs. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Dataset } from '#market/datasets/dataset.js';
import { archiveFolder, type FolderLayout, seriesFolder, tocFile } from '#store/folder/layout.js';
import { seriesFileName, tickerOfFileName } from '#store/series/file-name.js';

/** Below the data folder, with slashes; the whole path where the file is elsewhere. */
export function shownFile({ dataDir }: FolderLayout, file: string): string {
  const below = path.relative(dataDir, file);
  return below.startsWith('..') || path.isAbsolute(below) ? file : below.replaceAll(path.sep, '/');
}

export function seriesFile(layout: FolderLayout, dataset: Dataset, ticker: string): string {
  return path.join(seriesFolder(layout, dataset), seriesFileName(ticker, dataset.series));
}

/**
 * The tickers of the series that stand in the folder, by file name. `known`: whose names may end in a hash,
 * which gives no ticker.
 */
export async function seriesHere(
  layout: FolderLayout,
  dataset: Dataset,
  known: Iterable<string>,
): Promise<readonly string[]> {
  const names = await namesIn(seriesFolder(layout, dataset));
  const hashed = new Map<string, string>();
  for (const ticker of known) hashed.set(seriesFileName(ticker, dataset.series), ticker);
  return names.flatMap((name) => {
    const ticker = tickerOfFileName(name, dataset.series) ?? hashed.get(name);
    return ticker === undefined ? [] : [ticker];
  });
}

const LEFT_OVER = /\.barloom-tmp$|\.(?:unreadable|damaged|original)-\d{8}T\d{6}Z(?:-\d+)?$/;

/** Temporary files of a killed run, and what was moved aside or kept. */
export async function leftoversIn(layout: FolderLayout, dataset: Dataset): Promise<readonly string[]> {
  const archive = archiveFolder(layout, dataset);
  const tocs = path.dirname(tocFile(layout, dataset, dataset.firstDay));
  const folders = new Set([layout.dataDir, seriesFolder(layout, dataset), archive, tocs]);
  const found: string[] = [];
  for (const folder of folders) {
    for (const name of await namesIn(folder)) {
      if (LEFT_OVER.test(name)) found.push(shownFile(layout, path.join(folder, name)));
    }
  }
  return found;
}

/** Sorted; none where the folder is not there. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
