/** What the series hold of a day just now. */
import path from 'node:path';
import pLimit from 'p-limit';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { type FolderLayout, seriesFolder } from '#store/folder/layout.js';
import { seriesFileName } from '#store/series/file-name.js';
import { readSeriesRows } from '#store/series/read-series.js';
import { recordedRow } from './corrections.js';
import { stampIfThere } from './series-check.js';

/**
 * By ticker, as a record keeps it; null: no row. Files that are not there or cannot be read are left out.
 * Throws the disk's error.
 */
export async function rowsOfDay(
  day: IsoDay,
  tickers: readonly string[],
  { layout, dataset }: { readonly layout: FolderLayout; readonly dataset: Dataset },
): Promise<ReadonlyMap<string, { readonly before: string | null }>> {
  const limit = pLimit(16);
  const found = new Map<string, { readonly before: string | null }>();
  await Promise.all(
    tickers.map((ticker) =>
      limit(async () => {
        const file = path.join(seriesFolder(layout, dataset), seriesFileName(ticker, dataset.series));
        if ((await stampIfThere(file)) === undefined) return;
        const parsed = await readSeriesRows(file, dataset.series);
        if (!parsed.ok) return;
        const values = parsed.rows.find((row) => row.day === day)?.values;
        found.set(ticker, { before: values === undefined ? null : recordedRow(values, dataset.series) });
      }),
    ),
  );
  return found;
}
