/** Whose series a folder keeps, where what is recorded cannot say, because progress.json was deleted. */
import { readdirSync } from 'node:fs';
import type { Wanted } from '#ingest/plan/wanted.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { seriesFolder } from '#store/folder/layout.js';
import type { DataFolder } from '#store/folder/open.js';
import { tickerOfFileName } from '#store/series/file-name.js';

/**
 * Of a dataset whose tickers need not be tracked, every one where none is and there are series: those were
 * not made with --archive-only.
 */
export function trackedOrEvery(
  { layout }: Pick<DataFolder, 'layout'>,
  dataset: Dataset,
  tracked: readonly string[],
): Wanted {
  if (dataset.untracked !== 'every' || tracked.length > 0) return tracked;
  return hasSeries(seriesFolder(layout, dataset), dataset) ? '*' : tracked;
}

function hasSeries(folder: string, { series }: Dataset): boolean {
  try {
    return readdirSync(folder).some((name) => tickerOfFileName(name, series) !== undefined);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
