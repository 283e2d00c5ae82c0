/**
 * rebuild: the series again, from the archive alone. On the days that the archive holds it wins, whatever a file says; rows of other days
 * are the user's and stay. What is right already is not written.
 */
import { readdir } from 'node:fs/promises';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { seriesFolder } from '#store/folder/layout.js';
import type { DataFolder } from '#store/folder/open.js';
import { tickerOfFileName } from '#store/series/file-name.js';
import {
  type FillContext,
  type FillResult,
  isMany,
  total,
  withFillDays,
  writeFillDays,
} from './from-archive.js';
import { fillMany } from './from-archive-many.js';

export interface RebuildContext extends FillContext {
  /** Worker threads, for many tickers at once; default 2. */
  readonly workers?: number;
  readonly onProgress?: (files: number) => void;
}

export interface RebuildResult extends FillResult {
  /** The days of the archive, ascending. */
  readonly days: readonly IsoDay[];
  readonly tickers: number;
}

/** Under the lock. Throws the disk's error, or the signal's reason. */
export async function rebuildSeries(
  folder: DataFolder,
  dataset: Dataset,
  tickers: readonly string[] | '*',
  context: RebuildContext,
): Promise<RebuildResult> {
  const days = folder.archive(dataset).days();
  if (tickers !== '*' && !isMany(tickers.length, days.length)) {
    const filled = await rebuildFew(folder, dataset, tickers, days, context);
    return { ...filled, days, tickers: tickers.length };
  }
  const many = await fillMany(folder, dataset, tickers, days, true, {
    ...context,
    workers: context.workers ?? 2,
  });
  // A file of a ticker that the archive knows nothing of is no slice's.
  const left = (tickers === '*' ? await tickersWithFile(folder, dataset) : tickers).filter(
    (ticker) => !many.seen.has(ticker),
  );
  const few = await rebuildFew(folder, dataset, left, days, context);
  return {
    days,
    tickers: many.seen.size + left.length,
    counts: total([many.counts, few.counts]),
    kept: many.kept,
    seen: many.seen,
    damaged: many.damaged,
  };
}

async function rebuildFew(
  folder: DataFolder,
  dataset: Dataset,
  tickers: readonly string[],
  days: readonly IsoDay[],
  context: RebuildContext,
): Promise<FillResult> {
  const fillDays = tickers.length === 0 ? [] : days.map((day) => ({ day, tickers }));
  return withFillDays(folder, dataset, fillDays, context.signal, (read) =>
    writeFillDays(folder, dataset, read, true, context),
  );
}

/** The tickers whose series stand in the folder, whoever put them there; names that end in a hash tell none. */
export async function tickersWithFile(folder: DataFolder, dataset: Dataset): Promise<readonly string[]> {
  let names: readonly string[];
  try {
    names = await readdir(seriesFolder(folder.layout, dataset));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return names.flatMap((name) => {
    const ticker = tickerOfFileName(name, dataset.series);
    return ticker === undefined ? [] : [ticker];
  });
}
