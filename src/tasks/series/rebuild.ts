/**
 * rebuild: the series again, from the archive alone. On the days that the archive holds it wins, whatever a
 * file says; rows of other days are the user's and stay. What is right already is not written.
 */
import { readdir } from 'node:fs/promises';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { seriesFolder } from '#store/folder/layout.js';
import type { DataFolder } from '#store/folder/open.js';
import { tickerOfFileName } from '#store/series/file-name.js';
import { type FolderDataset, withArchiveRows } from './archive-rows.js';
import { isMany } from './is-many.js';
import { rebuildMany } from './rebuild-many.js';
import { total, type WriteContext, type WrittenSeries, writeRows } from './write-rows.js';

export interface RebuildContext extends WriteContext {
  /** Worker threads, for many tickers at once; default 2. */
  readonly workers?: number;
  readonly onProgress?: (files: number) => void;
}

export interface RebuildResult extends WrittenSeries {
  /** The days of the archive, ascending. */
  readonly days: readonly IsoDay[];
  readonly tickers: number;
}

/**
 * Under the lock. `context.keeps` 'all' is for as few tickers as `fewAtOnce` says. Throws the disk's error, or
 * the signal's reason.
 */
export async function rebuildSeries(
  folder: DataFolder,
  dataset: Dataset,
  tickers: readonly string[] | '*',
  context: RebuildContext,
): Promise<RebuildResult> {
  const of = { folder, dataset };
  const days = folder.archive(dataset).days();
  if (tickers !== '*' && !isMany(tickers.length, days.length)) {
    const few = await rebuildFew(of, tickers, days, context);
    return { ...few, days, tickers: tickers.length };
  }
  const workers = context.workers ?? 2;
  const many = await rebuildMany(of, { tickers, days, archiveWins: true }, { ...context, workers });
  // A file of a ticker that the archive knows nothing of is no slice's.
  const left = (tickers === '*' ? await tickersWithFile(folder, dataset) : tickers).filter(
    (ticker) => !many.seen.has(ticker),
  );
  const few = await rebuildFew(of, left, days, context);
  return {
    days,
    tickers: many.seen.size + left.length,
    counts: total([many.counts, few.counts]),
    kept: many.kept,
    seen: many.seen,
    damaged: many.damaged,
  };
}

/** Bars that are in memory at once; each time the archive is gone through. */
const BARS_AT_ONCE = 100_000;

async function rebuildFew(
  of: FolderDataset,
  tickers: readonly string[],
  days: readonly IsoDay[],
  context: RebuildContext,
): Promise<WrittenSeries> {
  const rules = { archiveWins: context.keeps !== 'all', tidy: true };
  const written: WrittenSeries[] = [];
  const atOnce = Math.max(1, Math.floor(BARS_AT_ONCE / Math.max(1, days.length)));
  for (let at = 0; at < tickers.length; at += atOnce) {
    const some = tickers.slice(at, at + atOnce);
    const wanted = days.map((day) => ({ day, tickers: some }));
    written.push(
      await withArchiveRows(of, wanted, context.signal, (rows) => writeRows(of, rows, rules, context)),
    );
  }
  return {
    counts: total(written.map(({ counts }) => counts)),
    kept: new Map(written.flatMap(({ kept }) => [...kept])),
    seen: new Set(written.flatMap(({ seen }) => [...seen])),
    // Each time the same ones are met.
    damaged: [...new Map(written.flatMap(({ damaged }) => damaged.map((one) => [one.day, one]))).values()],
  };
}

/**
 * The tickers whose series stand in the folder, whoever put them there; names that end in a hash do not say
 * it.
 */
export async function tickersWithFile(
  folder: Pick<DataFolder, 'layout'>,
  dataset: Dataset,
): Promise<readonly string[]> {
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
