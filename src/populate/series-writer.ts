/**
 * Gathers the bars of many days and writes them into the series files together: few rewrites, one barrier a batch, and only then is a
 * day told to be done. Memory is bounded: the owner flushes when `bytes` reaches its budget.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { IsoDay } from '../calendar/iso-day.js';
import { type FileStamp, keepOriginal, moveAside, type Replacement, replaceFiles } from '../disk/durable.js';
import { sha256Of } from '../disk/sha256.js';
import { compareSpans } from '../flatfile/bytes.js';
import { isLineADay, type SeriesForm } from '../flatfile/series-form.js';
import { rowCount, rowTicker, rowValues } from '../flatfile/taken-rows.js';
import { NO_FILE, type SeriesRecord } from '../progress/model.js';
import { blockFileText, markOf, type Place } from '../series/block-file.js';
import { seriesFileName } from '../series/file-name.js';
import { mergeRows, type SeriesUpdate } from '../series/merge.js';
import { type ReadSeries, readSeriesRows } from '../series/read-series.js';
import type { Row } from '../series/row.js';
import { renderSeries } from '../series/series-file.js';
import { recordedRow } from './corrections.js';
import { placeOfRow, type SpooledRows } from './spool.js';

/** One day's bars on their way into the series. */
export interface PendingDay {
  readonly day: IsoDay;
  readonly taken: SpooledRows;
  /** Bars as they stood in the file that the vendor replaced, where they changed (null: none). */
  readonly before: ReadonlyMap<string, string | null>;
  /** Tickers whose row of that day, if there is one, is ours whatever it says: looked up before, without a copy to compare with. */
  readonly ours: (ticker: string) => boolean;
  /** Tickers whose row was found to be the user's before. */
  readonly users: ReadonlySet<string>;
  /** Tickers whose row may have to go although the day holds no bar of them. */
  readonly maybeGone: readonly string[];
}

export interface DayCounts {
  added: number;
  unchanged: number;
  corrected: number;
  kept: number;
}

export interface FlushResult {
  readonly counts: ReadonlyMap<IsoDay, DayCounts>;
  readonly files: Readonly<Record<string, SeriesRecord>>;
  /** Rows of the user's that are not what the vendor has, by ticker. */
  readonly kept: ReadonlyMap<string, { readonly rows: number; readonly first: IsoDay }>;
  /** By day, the tickers whose row is the user's, as far as is known now: DayRecord.users. */
  readonly users: ReadonlyMap<IsoDay, ReadonlySet<string>>;
  readonly notes: readonly string[];
  /** Tickers whose file could not be read and was moved aside: all their other days are to be looked up again. */
  readonly lost: readonly string[];
}

export interface SeriesTarget {
  readonly folder: string;
  readonly form: SeriesForm;
  readonly now: Date;
  /** The file as barloom left it last, if it did. */
  readonly known: ReadonlyMap<string, SeriesRecord>;
  /** Whether a file in another form than barloom's is written again although no row of it changes. */
  readonly tidy?: boolean;
  /** Throws where this run may not write any more. */
  readonly checkLock: () => Promise<void>;
  /** Records what files are about to become, where there is no archive: see SeriesRecord.next. */
  readonly announce: ((files: Readonly<Record<string, SeriesRecord>>) => Promise<void>) | undefined;
}

/** Text of series files that is written behind one barrier, bytes. */
const BATCH_BYTES = 24 << 20;

/** Merges the days into the series files, durably; `also`: other files that are to be replaced in the same go. Throws the disk's error; then some files may be written, and none is torn. */
export async function writeSeries(
  pending: readonly PendingDay[],
  target: SeriesTarget,
  also: readonly Replacement[] = [],
): Promise<FlushResult> {
  const counts = new Map<IsoDay, DayCounts>();
  for (const { day } of pending) counts.set(day, { added: 0, unchanged: 0, corrected: 0, kept: 0 });
  const users = new Map(pending.map(({ day, users: before }) => [day, new Set(before)]));
  const files: Record<string, SeriesRecord> = Object.create(null) as Record<string, SeriesRecord>;
  const kept = new Map<string, { rows: number; first: IsoDay }>();
  const notes: string[] = [];
  const lost: string[] = [];
  let batch: (Replacement & { readonly ticker: string })[] = [];
  let batchBytes = 0;
  let others = also;
  const writeBatch = async (): Promise<void> => {
    if (target.announce !== undefined) await target.announce(await announced(batch, target.known));
    await replaceFiles([...others, ...batch], target.checkLock);
    others = [];
    for (const { ticker, file } of batch) files[ticker] = { ...(await stampOf(file)), seen: true };
    batch = [];
    batchBytes = 0;
  };

  for (const { ticker, days } of byTicker(pending, isLineADay(target.form))) {
    const file = path.join(target.folder, seriesFileName(ticker, target.form));
    const existing = await readSeries(file, ticker, target, notes);
    if (existing === undefined) lost.push(ticker);
    const rows = existing?.rows ?? [];
    const updates = days.map(({ from, values }) => updateOf(ticker, from, values, rows, target.form));
    const merged = mergeRows(rows, updates, (day, outcome) => {
      if (outcome === 'kept') users.get(day)?.add(ticker);
      else users.get(day)?.delete(ticker);
      const count = counts.get(day);
      if (count === undefined || outcome === 'nothing') return;
      count[outcome === 'removed' ? 'corrected' : outcome]++;
      if (outcome !== 'kept') return;
      const known = kept.get(ticker);
      kept.set(ticker, { rows: (known?.rows ?? 0) + 1, first: known?.first ?? day });
    });
    if (merged.changed || (target.tidy === true && existing?.canonical === false)) {
      if (existing?.ok === true && existing.lost.length > 0) {
        const original = await keepOriginal(file, target.now);
        notes.push(
          `${path.basename(file)} held ${existing.lost.join(', ')}, which barloom's form does not; the original is ${original}`,
        );
      }
      const { content, bytes } = contentOf(
        merged.rows,
        rows,
        existing?.places ?? NO_PLACES,
        days,
        target.form,
      );
      batch.push({ ticker, file, content });
      batchBytes += bytes;
      if (batchBytes >= BATCH_BYTES) await writeBatch();
    } else if (rows.length > 0) {
      const seen = days.some(({ values }) => values !== undefined) || target.known.get(ticker)?.seen === true;
      files[ticker] = { ...(await stampOf(file)), seen };
    }
  }
  if (batch.length + others.length > 0) await writeBatch();
  return { counts, files, kept, users, notes, lost };
}

async function announced(
  batch: readonly (Replacement & { readonly ticker: string })[],
  known: SeriesTarget['known'],
): Promise<Record<string, SeriesRecord>> {
  const files: Record<string, SeriesRecord> = Object.create(null) as Record<string, SeriesRecord>;
  for (const { ticker, content } of batch) {
    const before = known.get(ticker) ?? { size: NO_FILE, mtimeMs: 0, seen: false };
    files[ticker] = { ...before, next: await sha256Of(content) };
  }
  return files;
}

const NO_PLACES: ReadonlyMap<IsoDay, Place> = new Map();

/** What the file becomes, and how long that is about: a text, or one that is put together while it is written. */
function contentOf(
  merged: readonly Row[],
  before: readonly Row[],
  places: ReadonlyMap<IsoDay, Place>,
  days: readonly DayOfTicker[],
  form: SeriesForm,
): { readonly content: Replacement['content']; readonly bytes: number } {
  if (isLineADay(form)) {
    const content = renderSeries(merged, form);
    return { content, bytes: content.length };
  }
  const marks = new Map(before.map(({ day, values }) => [day, values]));
  const taken = new Map(days.map((one) => [one.from.day, one]));
  const placeOf = ({ day, values }: Row): Place => {
    const place = marks.get(day) === values ? places.get(day) : undefined;
    const update = taken.get(day);
    if (place !== undefined) return place;
    if (update?.row === undefined) throw new Error(`no block of ${day}`);
    return placeOfRow(update.from.taken, update.row);
  };
  const bytes = merged.reduce((sum, row) => sum + lengthOf(placeOf(row)) + 1, 0);
  return { content: () => blockFileText(merged, placeOf, form), bytes };
}

function lengthOf(place: Place): number {
  return place.length;
}

interface DayOfTicker {
  readonly from: PendingDay;
  /** As in Row; of a block its mark. */
  readonly values: string | undefined;
  /** Which of the day's taken rows it is. */
  readonly row?: number;
}

/** The pending rows ticker by ticker, in ascending bytes: a merge of the days, each of which is sorted. */
function* byTicker(
  pending: readonly PendingDay[],
  isLine: boolean,
): Generator<{ readonly ticker: string; readonly days: readonly DayOfTicker[] }> {
  const gone = new Map<string, PendingDay[]>();
  for (const day of pending) {
    for (const ticker of day.maybeGone) {
      const days = gone.get(ticker);
      if (days === undefined) gone.set(ticker, [day]);
      else days.push(day);
    }
  }
  const cursors = pending.map(() => 0);
  for (;;) {
    let lowest = -1;
    for (let d = 0; d < pending.length; d++) {
      if ((cursors[d] as number) >= rowCount((pending[d] as PendingDay).taken)) continue;
      if (lowest < 0 || compareRows(pending, cursors, d, lowest) < 0) lowest = d;
    }
    if (lowest < 0) break;
    const ticker = rowTicker((pending[lowest] as PendingDay).taken, cursors[lowest] as number);
    const days: DayOfTicker[] = [];
    for (let d = 0; d < pending.length; d++) {
      const from = pending[d] as PendingDay;
      const at = cursors[d] as number;
      if (at >= rowCount(from.taken)) continue;
      if (d !== lowest && compareRows(pending, cursors, d, lowest) !== 0) continue;
      if (d !== lowest) cursors[d] = at + 1;
      days.push({ from, values: valuesOf(from.taken, at, isLine), row: at });
    }
    cursors[lowest] = (cursors[lowest] as number) + 1;
    const withBar = new Set(days.map(({ from }) => from));
    for (const from of gone.get(ticker) ?? []) if (!withBar.has(from)) days.push({ from, values: undefined });
    gone.delete(ticker);
    yield { ticker, days };
  }
  for (const [ticker, days] of gone)
    yield { ticker, days: days.map((from) => ({ from, values: undefined })) };
}

/** Of a block that the rows hold themselves, its mark. */
function valuesOf(taken: SpooledRows, row: number, isLine: boolean): string {
  const values = rowValues(taken, row);
  return isLine || taken.spool !== undefined ? values : markOf(values);
}

function compareRows(
  pending: readonly PendingDay[],
  cursors: readonly number[],
  a: number,
  b: number,
): number {
  const left = (pending[a] as PendingDay).taken;
  const right = (pending[b] as PendingDay).taken;
  const i = cursors[a] as number;
  const j = cursors[b] as number;
  const leftStart = i === 0 ? 0 : (left.ends[2 * i - 1] as number);
  const rightStart = j === 0 ? 0 : (right.ends[2 * j - 1] as number);
  return compareSpans(
    left.bytes,
    leftStart,
    left.ends[2 * i] as number,
    right.bytes,
    rightStart,
    right.ends[2 * j] as number,
  );
}

/**
 * Whose row it is that stands in the file: where the vendor replaced the bar, ours if it equals the bar before; otherwise ours only
 * where the ticker was looked up without a copy to compare with.
 */
function updateOf(
  ticker: string,
  from: PendingDay,
  values: string | undefined,
  rows: readonly Row[],
  form: SeriesForm,
): SeriesUpdate {
  const before = from.before.get(ticker);
  const ours = before === undefined ? from.ours(ticker) : recordedOn(rows, from.day, form) === before;
  return { day: from.day, values, ours };
}

function recordedOn(rows: readonly Row[], day: IsoDay, form: SeriesForm): string | null {
  const values = rowOn(rows, day);
  return values === undefined ? null : recordedRow(values, form);
}

function rowOn(rows: readonly Row[], day: IsoDay): string | undefined {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle] as Row).day < day) low = middle + 1;
    else high = middle;
  }
  const row = rows[low];
  return row?.day === day ? row.values : undefined;
}

/** Undefined where the file could not be read: it was moved aside. A file that is not there has no rows. */
async function readSeries(
  file: string,
  ticker: string,
  target: SeriesTarget,
  notes: string[],
): Promise<Extract<ReadSeries, { ok: true }> | undefined> {
  const parsed = await readSeriesRows(file, target.form);
  if (parsed.ok) return parsed;
  const aside = await moveAside(file, 'unreadable', target.now);
  notes.push(
    `${path.basename(file)} cannot be read (${parsed.reason}); it was moved to ${path.basename(aside)} and ${ticker} is made again`,
  );
  return undefined;
}

export async function stampOf(file: string): Promise<FileStamp> {
  const { size, mtimeMs } = await stat(file);
  return { size, mtimeMs: Math.floor(mtimeMs) };
}
