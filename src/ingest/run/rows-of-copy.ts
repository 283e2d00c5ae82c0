/** What our older copy of a large day says of the series. */
import { readdir } from 'node:fs/promises';
import { takeFromArchive } from '#ingest/day/take-from-archive.js';
import { recordedRow } from '#ingest/series/corrections.js';
import { dropLines } from '#ingest/series/taken-lines.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { rowCount, rowTicker, rowValues } from '#market/records/taken-rows.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import { seriesFolder } from '#store/folder/layout.js';
import { tickerOfFileName } from '#store/series/file-name.js';
import { type Run, takeFrom } from './run.js';

/**
 * By ticker, as a record keeps it; null: no row. By it the rows of a file that somebody changed elsewhere, or
 * of which nothing is recorded, are known to be ours. Nothing where the copy cannot be read. Throws the
 * disk's error.
 */
export async function rowsOfCopy(
  day: IsoDay,
  run: Run,
): Promise<ReadonlyMap<string, { readonly before: string | null }>> {
  const { known, wanted, request } = run;
  const tickers = [...new Set([...known.series.keys(), ...(wanted === '*' ? await withFile(run) : wanted)])];
  const found = new Map<string, { readonly before: string | null }>(
    tickers.map((ticker) => [ticker, { before: null }]),
  );
  try {
    const taken = await takeFromArchive(day, tickers, takeFrom(run));
    // Their marks are all that is wanted.
    dropLines(taken);
    for (let i = 0; i < rowCount(taken); i++)
      found.set(rowTicker(taken, i), { before: recordedRow(rowValues(taken, i), request.dataset.series) });
    return found;
  } catch (error) {
    if (error instanceof ArchiveDamage) return new Map();
    throw error;
  }
}

async function withFile({ request: { layout, dataset } }: Run): Promise<readonly string[]> {
  let names: readonly string[];
  try {
    names = await readdir(seriesFolder(layout, dataset));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return names.flatMap((name) => tickerOfFileName(name, dataset.series) ?? []);
}
