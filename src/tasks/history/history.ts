/**
 * A ticker's rows for those who only read: out of its series, or, where it has none, straight out of the
 * archive, day by day. Nothing is written, and nothing is tracked by being looked at.
 */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { isLineADay } from '#market/datasets/series-form.js';
import { endOfKey } from '#market/datasets/series-key.js';
import { rowCount, rowTicker, rowValues, type TakenRows } from '#market/records/taken-rows.js';
import { readBytesIfThereSync } from '#platform/disk/read.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import { eachBlock } from '#store/archive/day-blocks.js';
import type { ArchiveStore } from '#store/archive/store.js';
import { type FolderLayout, seriesFolder } from '#store/folder/layout.js';
import { seriesFileName, tickerOfFileName } from '#store/series/file-name.js';
import { longSeries } from '#store/series/long-series.js';
import type { Row } from '#store/series/row.js';
import { parseSeries } from '#store/series/series-file.js';

export interface ReadContext {
  readonly layout: FolderLayout;
  readonly dataset: Dataset;
  readonly archive: ArchiveStore;
}

export type SeriesRead =
  /** To be gone through once, or again; of a long series a day's lines may come in several rows. */
  | { readonly state: 'read'; readonly rows: Iterable<Row> }
  | { readonly state: 'none' }
  /** `reason`: what is wrong and where. */
  | { readonly state: 'unreadable'; readonly file: string; readonly reason: string };

/** Bytes of a series that is not read at once. */
const LONG = 16 << 20;

/** Throws the disk's error. */
export function readSeries({ layout, dataset }: ReadContext, ticker: string): SeriesRead {
  const file = path.join(seriesFolder(layout, dataset), seriesFileName(ticker, dataset.series));
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LONG && !isLineADay(dataset.series)) {
    const rows = longSeries(file, dataset.series);
    if (rows !== undefined) return { state: 'read', rows };
  }
  const bytes = readBytesIfThereSync(file);
  if (bytes === undefined) return { state: 'none' };
  const parsed = parseSeries(bytes, dataset.series);
  return parsed.ok
    ? { state: 'read', rows: parsed.rows }
    : { state: 'unreadable', file, reason: parsed.reason };
}

export function hasSeries({ layout, dataset }: ReadContext, ticker: string): boolean {
  const file = path.join(seriesFolder(layout, dataset), seriesFileName(ticker, dataset.series));
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

export interface DamagedDay {
  readonly day: IsoDay;
  readonly reason: string;
}

export interface ArchiveRead {
  /** Of each ticker, ascending; empty where no day holds it. */
  readonly rows: ReadonlyMap<string, readonly Row[]>;
  /** Days whose file cannot be read: their rows are missing. */
  readonly damaged: readonly DamagedDay[];
}

/**
 * A ticker's rows of those days that the archive holds, a day at a time as they are gone through; of a
 * dataset of many lines a day, which may come in several rows. Throws the disk's error.
 */
export function* archiveRows(
  { archive, dataset }: ReadContext,
  ticker: string,
  holds: (day: IsoDay) => boolean,
  damaged: DamagedDay[],
): Generator<Row> {
  const key = Buffer.from(ticker);
  for (const day of aheadDays(archive, archive.days().filter(holds), [key])) {
    const parts = readDay(damaged, day, () => {
      const found: string[] = [];
      const ascends = eachBlock({ archive, dataset }, day, key, (block) => {
        found.push(block.toString());
        return undefined;
      });
      return ascends ? found : valuesOf(archive.takeRows(day, [key]));
    });
    for (const values of parts ?? []) yield { day, values };
  }
}

/**
 * The tickers' bars of those days that the archive holds, each day read once for all of them. Throws the
 * disk's error.
 */
export function readArchive(
  { archive }: ReadContext,
  tickers: readonly string[],
  holds: (day: IsoDay) => boolean = () => true,
): ArchiveRead {
  const rows = new Map<string, Row[]>(tickers.map((ticker) => [ticker, []]));
  const wanted = sortedBytes(tickers);
  const damaged: DamagedDay[] = [];
  for (const day of aheadDays(archive, archive.days().filter(holds), wanted)) {
    const taken = readDay(damaged, day, () => archive.takeRows(day, wanted));
    if (taken === undefined) continue;
    for (let i = 0; i < rowCount(taken); i++)
      rows.get(rowTicker(taken, i))?.push({ day, values: rowValues(taken, i) });
  }
  return { rows, damaged };
}

/** Days that are asked for together where that takes its time. */
const DAYS_AHEAD = 64;

/** The days one by one, each asked for ahead; the first by itself where it mostly is enough. */
function* aheadDays(
  archive: ArchiveStore,
  days: readonly IsoDay[],
  tickers: readonly Uint8Array[],
  begin?: 'first alone',
): Generator<IsoDay> {
  const first = begin === undefined ? 0 : 1;
  for (const [i, day] of days.entries()) {
    if (i >= first && (i - first) % DAYS_AHEAD === 0)
      archive.ahead(days.slice(i, i + DAYS_AHEAD).map((one) => ({ day: one, tickers })));
    yield day;
  }
}

/**
 * Those of the tickers that no readable day of the archive holds. The newest day first, so that this is quick
 * where they are there.
 */
export function unknownToArchive(
  { archive, dataset }: ReadContext,
  tickers: readonly string[],
): readonly string[] {
  const left = new Set(tickers);
  const days = archive.days().toReversed();
  for (const day of aheadDays(archive, days, sortedBytes(tickers), 'first alone')) {
    if (left.size === 0) break;
    const found = readDay([], day, () => tickersOn(day, [...left], dataset, archive));
    for (const ticker of found ?? []) left.delete(ticker);
  }
  return [...left];
}

/** Those of the tickers that the day holds; of many lines the first ones say it. */
function tickersOn(
  day: IsoDay,
  tickers: readonly string[],
  dataset: Dataset,
  archive: ArchiveStore,
): readonly string[] {
  if (!isLineADay(dataset.series))
    return tickers.filter((ticker) => holdsLines(day, ticker, dataset, archive));
  const taken = archive.takeRows(day, sortedBytes(tickers));
  return Array.from({ length: rowCount(taken) }, (_, i) => rowTicker(taken, i));
}

function holdsLines(day: IsoDay, ticker: string, dataset: Dataset, archive: ArchiveStore): boolean {
  let holds = false;
  eachBlock({ archive, dataset }, day, Buffer.from(ticker), () => {
    holds = true;
    return 'enough';
  });
  return holds;
}

/**
 * Every ticker of the newest day that can be read, and every one that has a series: what a wrong one can have
 * been meant for. Of a large day those that its table names: to read it through would take longer than the
 * answer is worth.
 */
export function knownTickers({ layout, dataset, archive }: ReadContext): ReadonlySet<string> {
  const tickers = new Set<string>();
  for (const day of archive.days().toReversed()) {
    const found = readDay([], day, () => namesOfDay(day, dataset, archive));
    if (found === undefined) continue;
    for (const ticker of found) tickers.add(ticker);
    break;
  }
  for (const name of namesIn(seriesFolder(layout, dataset))) {
    const ticker = tickerOfFileName(name, dataset.series);
    if (ticker !== undefined) tickers.add(ticker);
  }
  return tickers;
}

function namesOfDay(day: IsoDay, { inPieces, series }: Dataset, archive: ArchiveStore): readonly string[] {
  if (inPieces)
    return archive.cutsOf(day).flatMap((ticker) => {
      const end = endOfKey(ticker, 0, ticker.length, series);
      return end < 0 ? [] : [Buffer.from(ticker.subarray(0, end)).toString()];
    });
  const taken = archive.takeRows(day, '*');
  return Array.from({ length: rowCount(taken) }, (_, i) => rowTicker(taken, i));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // For suggestions only: without it there are fewer.
    return [];
  }
}

function readDay<T>(damaged: DamagedDay[], day: IsoDay, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ArchiveDamage)) throw error;
    damaged.push({ day, reason: error.message });
    return undefined;
  }
}

function valuesOf(rows: TakenRows): readonly string[] {
  return Array.from({ length: rowCount(rows) }, (_, i) => rowValues(rows, i));
}

function sortedBytes(tickers: readonly string[]): readonly Uint8Array[] {
  return tickers.map((ticker) => Buffer.from(ticker)).sort(Buffer.compare);
}
