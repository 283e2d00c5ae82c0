/**
 * Series mended from the archive. What barloom cannot be sure of is kept beside the file; the user's rows of
 * other days stay in it.
 */
import path from 'node:path';
import { sortedBytes } from '#ingest/plan/wanted.js';
import { isIsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { rowCount, rowValues } from '#market/records/taken-rows.js';
import { keepAs, keepOriginal, replaceFile } from '#platform/disk/durable.js';
import { readBytesIfThere } from '#platform/disk/read.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import type { DataFolder } from '#store/folder/open.js';
import { mergeRows, type SeriesUpdate } from '#store/series/merge.js';
import type { Row } from '#store/series/row.js';
import { parseSeries, renderSeries } from '#store/series/series-file.js';
import { fewAtOnce } from '#tasks/series/is-many.js';
import { rebuildSeries } from '#tasks/series/rebuild.js';
import { soundRows } from './compare-series.js';
import { seriesFile, shownFile } from './files.js';
import { sha256Of } from './month-work.js';
import type { Damage } from './result.js';

export interface MendContext {
  readonly now: Date;
  /**
   * Whether the series were compared with the archive, and rows that differ are recorded as the user's: only
   * then do others give way to it.
   */
  readonly compared: boolean;
  readonly signal: AbortSignal;
  /** Gets what was done, and to which file. */
  readonly did: (file: string, what: string) => void;
}

/** What was found of each series, and tickers whose series are to be looked at besides. */
export interface BrokenSeries {
  readonly ticker: string;
  readonly found: Partial<Pick<Damage, 'kind' | 'wrong' | 'misdated'>> | undefined;
}

/** Under the lock. Throws the disk's error, or the signal's reason. */
export async function mendSeries(
  folder: DataFolder,
  dataset: Dataset,
  broken: readonly BrokenSeries[],
  context: MendContext,
): Promise<void> {
  if (broken.length === 0) return;
  const { now, signal, did } = context;
  const before = new Map<string, string | undefined>();
  const lost: string[] = [];
  for (const { ticker, found } of broken) {
    signal.throwIfAborted();
    const file = seriesFile(folder.layout, dataset, ticker);
    const bytes = await readBytesIfThere(file);
    before.set(ticker, bytes === undefined ? undefined : sha256Of(bytes));
    if (bytes === undefined) continue;
    const rows = await prepare({ folder, dataset, file, bytes, found }, context);
    if (rows === 'nothing') lost.push(ticker);
    if (typeof rows === 'string') continue;
    if (rows.lost) lost.push(ticker);
    // In one go: cut off in between, the file would be a sound one with rows that are not the archive's.
    const merged = await withArchive({ folder, dataset, ticker }, rows.rows, signal);
    await replaceFile(file, renderSeries(merged, dataset.series));
  }
  const notes: string[] = [];
  const tickers = broken.map(({ ticker }) => ticker);
  const emit = (note: string): void => void notes.push(note);
  const rebuild = async (some: readonly string[]): Promise<void> => {
    if (context.compared) await rebuildSeries(folder, dataset, some, { now, signal, emit, keeps: 'users' });
    else {
      const atOnce = fewAtOnce(folder.archive(dataset).days().length);
      for (let at = 0; at < some.length; at += atOnce)
        await rebuildSeries(folder, dataset, some.slice(at, at + atOnce), {
          now,
          signal,
          emit,
          keeps: 'all',
        });
    }
  };
  await rebuild(tickers);
  if (lost.length > 0) {
    // Days that were looked up without an archive may have stood in the lines that are lost. Until all else
    // is done, what is known says to the next repair what is missing.
    await folder.progress.record([{ step: 'forget', dataset: dataset.name, tickers: lost }]);
    await rebuild(lost);
  }
  for (const ticker of tickers) {
    const file = seriesFile(folder.layout, dataset, ticker);
    const bytes = await readBytesIfThere(file);
    if (bytes !== undefined && sha256Of(bytes) === before.get(ticker)) continue;
    const name = `${path.basename(file)} `;
    const said = notes.find((note) => note.startsWith(name));
    did(shownFile(folder.layout, file), said?.slice(name.length) ?? 'made again from the archive');
  }
}

interface SoundRows {
  readonly rows: readonly Row[];
  /** Whether lines could not be read. */
  readonly lost: boolean;
}

/**
 * Keeps the file beside itself where it is needed. Returns the rows that it can go on with, 'nothing' where
 * there are none, or 'whole': it can stay as it is.
 */
async function prepare(
  {
    folder,
    dataset,
    file,
    bytes,
    found,
  }: Pick<BrokenSeries, 'found'> & {
    readonly folder: DataFolder;
    readonly dataset: Dataset;
    readonly file: string;
    readonly bytes: Uint8Array;
  },
  { now, did }: MendContext,
): Promise<SoundRows | 'nothing' | 'whole'> {
  const shown = shownFile(folder.layout, file);
  const parsed = parseSeries(bytes, dataset.series);
  if (!parsed.ok) {
    const rows = soundRows(bytes, isIsoDay, dataset.series);
    if (rows.length === 0) return 'nothing';
    const aside = path.basename(await keepAs(file, 'unreadable', now));
    did(shown, `cannot be read; it was moved to ${aside}, and its ${rows.length} rows that can be are here`);
    return { rows, lost: true };
  }
  const misdated = new Set(found?.misdated?.map(({ day }) => day));
  if ((found?.wrong?.length ?? 0) + misdated.size === 0) return 'whole';
  did(shown, `kept as it was as ${await keepOriginal(file, now)}`);
  if (misdated.size === 0) return 'whole';
  return { rows: parsed.rows.filter(({ day }) => !misdated.has(day)), lost: false };
}

/** The rows once the archive has won on its days. */
async function withArchive(
  {
    folder,
    dataset,
    ticker,
  }: { readonly folder: DataFolder; readonly dataset: Dataset; readonly ticker: string },
  rows: readonly Row[],
  signal: AbortSignal,
): Promise<readonly Row[]> {
  const archive = folder.archive(dataset);
  const wanted = sortedBytes([ticker]);
  const updates: SeriesUpdate[] = [];
  for (const day of archive.days()) {
    signal.throwIfAborted();
    try {
      const taken = archive.takeRows(day, wanted);
      const values = rowCount(taken) === 0 ? undefined : rowValues(taken, 0);
      const isUsers = folder.known(dataset).days.get(day)?.users?.includes(ticker) === true;
      // A row of a day without a bar is nobody's but the user's.
      updates.push({ day, values, ours: values !== undefined && !isUsers });
    } catch (error) {
      if (!(error instanceof ArchiveDamage)) throw error;
    }
  }
  return mergeRows(rows, updates).rows;
}
