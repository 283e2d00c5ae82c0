/**
 * A slice of the market (a range of tickers) over all days: each series beside the archive, each ticker's
 * history as a trader sees it, and how many bars equal those of the day before. Runs in a worker thread, and
 * changes nothing. Memory is that of the slice.
 */
import path from 'node:path';
import type { Slice } from '#ingest/series/market-slices.js';
import { newSeriesComposer } from '#ingest/series/series-composer.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { isBarADay } from '#market/datasets/series-form.js';
import { mergedTickers } from '#market/records/merged-tickers.js';
import { rowValues, type TakenRows } from '#market/records/taken-rows.js';
import { readBytesIfThereSync } from '#platform/disk/read.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import type { ArchiveStore } from '#store/archive/store.js';
import { type FolderLayout, seriesFolder } from '#store/folder/layout.js';
import { seriesFileName } from '#store/series/file-name.js';
import { type ComparedSeries, compareSeries } from './compare-series.js';
import type { Sameness } from './day-suspicions.js';
import { lookAtHistory, type Thresholds } from './history.js';
import type { Suspicion } from './result.js';

export interface SliceJob {
  readonly kind: 'slice';
  readonly dataset: string;
  readonly layout: FolderLayout;
  readonly slice: Slice;
  /** Ascending; the archive holds them, and they are sound. */
  readonly days: readonly IsoDay[];
  /** Of these, those whose stored table of contents is not to be believed. */
  readonly wrongTocs: ReadonlySet<IsoDay>;
  /** Days that the archive holds, or should, and that are not compared. */
  readonly passed: ReadonlySet<IsoDay>;
  readonly thresholds: Thresholds;
}

export interface SliceAnswer {
  /** Every ticker of the slice that has a series file, and what is not as it should be. */
  readonly series: readonly { readonly ticker: string; readonly compared: ComparedSeries | undefined }[];
  /** Rows and bytes of those whose file is to the byte what the archive gives. */
  readonly rows: number;
  readonly bytes: number;
  readonly suspicions: readonly Suspicion[];
  readonly sameness: Sameness;
}

/** Throws ArchiveDamage that names the day (it was sound a moment ago), or the disk's error. */
export function checkSlice(job: SliceJob, dataset: Dataset, archive: ArchiveStore): SliceAnswer {
  const { days, slice } = job;
  const taken = days.map((day) => takeDay(archive, day, slice, job.wrongTocs.has(day)));
  const folder = seriesFolder(job.layout, dataset);
  const compareDays = { compared: new Set(days), passed: job.passed };
  const composer = newSeriesComposer(days, dataset.series);
  const sameness = { common: new Int32Array(days.length), same: new Int32Array(days.length) };
  const series: { ticker: string; compared: ComparedSeries | undefined }[] = [];
  const suspicions: Suspicion[] = [];
  let [rows, bytes] = [0, 0];
  for (const { ticker, rows: at } of mergedTickers(taken)) {
    countSame(taken, at, sameness);
    // Of many lines a day no single one is the day's price.
    if (isBarADay(dataset.series))
      suspicions.push(...lookAtHistory(historyOf(ticker, days, taken, at), job.thresholds));
    const file = readBytesIfThereSync(path.join(folder, seriesFileName(ticker, dataset.series)));
    if (file === undefined) continue;
    bytes += file.length;
    composer.begin();
    for (let d = 0; d < days.length; d++) {
      if ((at[d] as number) >= 0) composer.add(d, taken[d] as TakenRows, at[d] as number);
    }
    if (Buffer.compare(file, composer.text()) === 0) {
      rows += composer.days().length;
      series.push({ ticker, compared: undefined });
      continue;
    }
    const bars = composer.days().map((d) => ({
      day: days[d] as IsoDay,
      values: rowValues(taken[d] as TakenRows, at[d] as number),
    }));
    series.push({ ticker, compared: compareSeries(file, bars, compareDays, dataset.series) });
  }
  return { series, rows, bytes, suspicions, sameness };
}

function takeDay(archive: ArchiveStore, day: IsoDay, { from, to }: Slice, wrongToc: boolean): TakenRows {
  try {
    return wrongToc ? archive.takeSliceWithoutToc(day, from, to) : archive.takeSlice(day, from, to);
  } catch (error) {
    if (error instanceof ArchiveDamage) throw new ArchiveDamage(`${day}: ${error.message}`);
    throw error;
  }
}

function countSame(taken: readonly TakenRows[], at: Int32Array, { common, same }: Sameness): void {
  for (let d = 1; d < taken.length; d++) {
    const [i, j] = [at[d - 1] as number, at[d] as number];
    if (i < 0 || j < 0) continue;
    (common[d] as number)++;
    if (sameValues(taken[d - 1] as TakenRows, i, taken[d] as TakenRows, j)) (same[d] as number)++;
  }
}

function sameValues(a: TakenRows, i: number, b: TakenRows, j: number): boolean {
  const aStart = a.ends[2 * i] as number;
  const bStart = b.ends[2 * j] as number;
  const length = (a.ends[2 * i + 1] as number) - aStart;
  if ((b.ends[2 * j + 1] as number) - bStart !== length) return false;
  for (let k = 0; k < length; k++) if (a.bytes[aStart + k] !== b.bytes[bStart + k]) return false;
  return true;
}

function historyOf(ticker: string, days: readonly IsoDay[], taken: readonly TakenRows[], at: Int32Array) {
  const on: IsoDay[] = [];
  const figures: readonly [number[], number[], number[], number[], number[]] = [[], [], [], [], []];
  for (let d = 0; d < days.length; d++) {
    const i = at[d] as number;
    if (i < 0) continue;
    const { bytes, ends } = taken[d] as TakenRows;
    on.push(days[d] as IsoDay);
    let start = ends[2 * i] as number;
    const end = ends[2 * i + 1] as number;
    for (const column of figures) {
      const to = endOfField(bytes, start, end);
      column.push(figure(bytes, start, to));
      start = to + 1;
    }
  }
  const [opens, highs, lows, closes, volumes] = figures;
  return { ticker, days: on, opens, highs, lows, closes, volumes };
}

function endOfField(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== COMMA) at++;
  return at;
}

const COMMA = 44;
const POINT = 46;

/** A plain decimal as a float: for ratios only. */
function figure(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  let scale = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte === POINT) scale = 1;
    else {
      value = value * 10 + byte - 48;
      scale *= 10;
    }
  }
  return scale === 0 ? value : value / scale;
}
