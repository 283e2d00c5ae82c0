/**
 * The series of one slice of the market (a range of tickers) out of many days: reads of each day only the
 * members that can hold it, and prepares each ticker's whole file under a temporary name. Runs in a worker
 * thread; nothing gets its final name here.
 */
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { datasetNamed } from '#market/datasets/named.js';
import { mergedTickers } from '#market/records/merged-tickers.js';
import type { TakenRows } from '#market/records/taken-rows.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import { type ArchiveStore, openArchive } from '#store/archive/store.js';
import { type FolderLayout, seriesFolder } from '#store/folder/layout.js';
import { seriesFileName } from '#store/series/file-name.js';
import type { Slice } from './market-slices.js';
import { type BarCounts, type PreparedFile, prepareFile } from './prepare-file.js';
import { newSeriesComposer } from './series-composer.js';

export interface SliceJob {
  readonly kind: 'slice';
  readonly dataset: string;
  readonly layout: FolderLayout;
  readonly slice: Slice;
  /** Ascending; the archive holds them. */
  readonly days: readonly IsoDay[];
  /** Of the slice only these tickers; undefined: all. */
  readonly only?: ReadonlySet<string> | undefined;
  /** Whether rows of those days that are not the archive's give way. */
  readonly archiveWins: boolean;
  /**
   * Where they do: by day the tickers whose row is known to be the user's, and stays, as rows of days do on
   * which the archive has no bar.
   */
  readonly users?: ReadonlyMap<IsoDay, ReadonlySet<string>> | undefined;
  /** See PrepareRules. */
  readonly vendors?: ReadonlySet<IsoDay> | undefined;
}

export interface RebuiltSlice extends BarCounts {
  readonly files: readonly RebuiltFile[];
}

export interface RebuiltFile extends PreparedFile {
  readonly ticker: string;
  readonly file: string;
}

/** Throws ArchiveDamage that names the day, or the disk's error. */
export function rebuildSlice({ days, slice, layout, only, ...job }: SliceJob): RebuiltSlice {
  const dataset = datasetNamed(job.dataset);
  if (dataset === undefined) throw new RangeError(`no dataset ${job.dataset}`);
  const archive = openArchive(layout, dataset);
  const taken = days.map((day) => takeDay(archive, day, slice));
  const folder = seriesFolder(layout, dataset);
  const counters = (): Int32Array => new Int32Array(days.length);
  const counts = { added: counters(), unchanged: counters(), corrected: counters(), kept: counters() };
  const numbers = new Map(days.map((day, d) => [day, d]));
  const rules = {
    form: dataset.series,
    numbers,
    archiveWins: job.archiveWins,
    vendors: job.vendors,
  };
  const composer = newSeriesComposer(days, dataset.series);
  const files: RebuiltFile[] = [];
  for (const { ticker, rows } of mergedTickers(taken)) {
    if (only?.has(ticker) === false) continue;
    composer.begin();
    for (let d = 0; d < days.length; d++)
      if ((rows[d] as number) >= 0) composer.add(d, taken[d] as TakenRows, rows[d] as number);
    const file = path.join(folder, seriesFileName(ticker, dataset.series));
    const { users } = job;
    const isUsers = users && ((day: IsoDay): boolean => users.get(day)?.has(ticker) === true);
    files.push({ ticker, file, ...prepareFile(file, composer, { ...rules, isUsers }, counts) });
  }
  return { files, ...counts };
}

function takeDay(archive: ArchiveStore, day: IsoDay, { from, to }: Slice): TakenRows {
  try {
    return archive.takeSlice(day, from, to);
  } catch (error) {
    if (error instanceof ArchiveDamage) throw new ArchiveDamage(`${day}: ${error.message}`);
    throw error;
  }
}
