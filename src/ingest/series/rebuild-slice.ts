/**
 * Weaves one slice of the market (a range of tickers) out of many days: reads of each day only the members that can hold it, and prepares
 * each ticker's whole file under a temporary name. Runs in a worker thread; nothing gets its final name here. Rows that a file already
 * has stay as they are, whoever wrote them, unless the archive is to win on its days.
 */
import { statSync } from 'node:fs';
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { datasets } from '#market/datasets/all.js';
import type { SeriesForm } from '#market/datasets/series-form.js';
import { compareSpans } from '#market/records/bytes.js';
import { rowCount, type TakenRows } from '#market/records/taken-rows.js';
import { type FileStamp, temporaryName, writeUnsyncedSync } from '#platform/disk/durable.js';
import { readBytesIfThereSync } from '#platform/disk/read.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import { type ArchiveStore, openArchive } from '#store/archive/store.js';
import { type FolderLayout, seriesFolder } from '#store/folder/layout.js';
import { seriesFileName } from '#store/series/file-name.js';
import { mergeRows, type SeriesUpdate } from '#store/series/merge.js';
import type { Row } from '#store/series/row.js';
import { parseSeries, renderSeries } from '#store/series/series-file.js';
import { newSeriesComposer } from './series-composer.js';

export interface SliceJob {
  readonly dataset: string;
  readonly layout: FolderLayout;
  readonly slice: Slice;
  /** Days to weave, ascending; the archive holds them. */
  readonly days: readonly IsoDay[];
  /** Of the slice only these tickers; undefined: all. */
  readonly only?: ReadonlySet<string> | undefined;
  /** Whether rows of those days that are not the archive's give way. */
  readonly archiveWins: boolean;
}

export interface Slice {
  /** Tickers from here on (included), by UTF-8 bytes; undefined: from the first. */
  readonly from: Uint8Array | undefined;
  /** And below this one; undefined: to the last. */
  readonly to: Uint8Array | undefined;
}

export interface WovenSlice {
  readonly files: readonly WovenFile[];
  /** Bars of each day of the job, all tickers together. */
  readonly added: Int32Array;
  readonly unchanged: Int32Array;
  /** Rows that gave way to the archive's, or to its having none. */
  readonly corrected: Int32Array;
  readonly kept: Int32Array;
}

export interface WovenFile {
  readonly ticker: string;
  readonly file: string;
  /** Written, and not yet durable; undefined: the file needs no change. */
  readonly temporary: string | undefined;
  /** Of the temporary file, or of the file itself. */
  readonly stamp: FileStamp;
  /** Why the file that is there cannot be read: it is to be moved aside. */
  readonly unreadable: string | undefined;
  /** What the file that is there holds and the new one does not: it is to be kept beside it. */
  readonly lost: readonly string[];
  /** The days of the rows of the user's that are not what the vendor has, ascending; undefined where there are none. */
  readonly kept: readonly IsoDay[] | undefined;
}

/** Throws ArchiveDamage that names the day, or the disk's error. */
export function weaveSlice(job: SliceJob): WovenSlice {
  const { days, slice } = job;
  const dataset = datasets.get(job.dataset);
  if (dataset === undefined) throw new RangeError(`no dataset ${job.dataset}`);
  const archive = openArchive(job.layout, dataset);
  const taken = days.map((day) => takeDay(archive, day, slice));
  const folder = seriesFolder(job.layout, dataset);
  const counts: Counts = {
    added: counters(days),
    unchanged: counters(days),
    corrected: counters(days),
    kept: counters(days),
  };
  const composer = newSeriesComposer(days, dataset.series);
  const numbers = new Map(days.map((day, d) => [day, d]));
  const cursors = new Int32Array(days.length);
  const files: WovenFile[] = [];
  for (;;) {
    const lowest = lowestCursor(taken, cursors);
    if (lowest < 0) return { files, ...counts };
    const reference = taken[lowest] as TakenRows;
    const at = cursors[lowest] as number;
    composer.begin();
    // Earlier days have no such ticker: it is the lowest of all that stand at a cursor.
    for (let d = lowest; d < days.length; d++) {
      const rows = taken[d] as TakenRows;
      const i = cursors[d] as number;
      if (i >= rowCount(rows) || (d !== lowest && compareTickers(rows, i, reference, at) !== 0)) continue;
      composer.add(d, rows, i);
      cursors[d] = i + 1;
    }
    const ticker = tickerAt(reference, at);
    if (job.only?.has(ticker) === false) continue;
    const file = path.join(folder, seriesFileName(ticker, dataset.series));
    files.push({ ticker, file, ...place(file, dataset.series, composer, counts, job.archiveWins, numbers) });
  }
}

function takeDay(archive: ArchiveStore, day: IsoDay, { from, to }: Slice): TakenRows {
  try {
    return archive.takeSlice(day, from, to);
  } catch (error) {
    if (error instanceof ArchiveDamage) throw new ArchiveDamage(`${day}: ${error.message}`);
    throw error;
  }
}

function counters(days: readonly IsoDay[]): Int32Array {
  return new Int32Array(days.length);
}

type Counts = Pick<WovenSlice, 'added' | 'unchanged' | 'corrected' | 'kept'>;

function place(
  file: string,
  form: SeriesForm,
  composer: ReturnType<typeof newSeriesComposer>,
  counts: Counts,
  archiveWins: boolean,
  numbers: ReadonlyMap<IsoDay, number>,
): Omit<WovenFile, 'ticker' | 'file'> {
  const temporary = temporaryName(file);
  const existing = readBytesIfThereSync(file);
  if (existing !== undefined && Buffer.compare(existing, composer.text()) === 0) {
    for (const d of composer.days()) (counts.unchanged[d] as number)++;
    return { temporary: undefined, stamp: stampSync(file), unreadable: undefined, lost: [], kept: undefined };
  }
  const parsed = existing === undefined ? undefined : parseSeries(existing, form);
  if (parsed?.ok !== true) {
    for (const d of composer.days()) (counts.added[d] as number)++;
    const stamp = writeUnsyncedSync(temporary, composer.text());
    return { temporary, stamp, unreadable: parsed?.reason, lost: [], kept: undefined };
  }
  const kept: IsoDay[] = [];
  const updates = archiveWins ? winningUpdates(composer.updates(), parsed.rows, numbers) : composer.updates();
  const merged = mergeRows(parsed.rows, updates, (day, outcome) => {
    const d = numbers.get(day);
    if (d === undefined || outcome === 'nothing') return;
    (counts[outcome === 'removed' ? 'corrected' : outcome][d] as number)++;
    if (outcome === 'kept') kept.push(day);
  });
  if (!merged.changed && (parsed.canonical || !archiveWins))
    return {
      temporary: undefined,
      stamp: stampSync(file),
      unreadable: undefined,
      lost: [],
      kept: noneIfEmpty(kept),
    };
  const stamp = writeUnsyncedSync(temporary, renderSeries(merged.rows, form));
  return { temporary, stamp, unreadable: undefined, lost: parsed.lost, kept: noneIfEmpty(kept) };
}

function noneIfEmpty(days: readonly IsoDay[]): readonly IsoDay[] | undefined {
  return days.length === 0 ? undefined : days;
}

/** Everything that the file says of the archive's days is to be as the archive has it, what it lacks included. */
function winningUpdates(
  bars: readonly SeriesUpdate[],
  rows: readonly Row[],
  numbers: ReadonlyMap<IsoDay, number>,
): readonly SeriesUpdate[] {
  const withBar = new Set(bars.map(({ day }) => day));
  const gone = rows.filter(({ day }) => numbers.has(day) && !withBar.has(day));
  return [
    ...bars.map((bar) => ({ ...bar, ours: true })),
    ...gone.map(({ day }) => ({ day, values: undefined, ours: true })),
  ];
}

function stampSync(file: string): FileStamp {
  const { size, mtimeMs } = statSync(file);
  return { size, mtimeMs: Math.floor(mtimeMs) };
}

function lowestCursor(taken: readonly TakenRows[], cursors: Int32Array): number {
  let lowest = -1;
  for (let d = 0; d < taken.length; d++) {
    const i = cursors[d] as number;
    if (i >= rowCount(taken[d] as TakenRows)) continue;
    if (
      lowest < 0 ||
      compareTickers(taken[d] as TakenRows, i, taken[lowest] as TakenRows, cursors[lowest] as number) < 0
    ) {
      lowest = d;
    }
  }
  return lowest;
}

function compareTickers(a: TakenRows, i: number, b: TakenRows, j: number): number {
  const aStart = i === 0 ? 0 : (a.ends[2 * i - 1] as number);
  const bStart = j === 0 ? 0 : (b.ends[2 * j - 1] as number);
  return compareSpans(a.bytes, aStart, a.ends[2 * i] as number, b.bytes, bStart, b.ends[2 * j] as number);
}

function tickerAt(rows: TakenRows, i: number): string {
  const start = i === 0 ? 0 : (rows.ends[2 * i - 1] as number);
  const end = rows.ends[2 * i] as number;
  return Buffer.from(rows.bytes.buffer, rows.bytes.byteOffset + start, end - start).toString();
}
