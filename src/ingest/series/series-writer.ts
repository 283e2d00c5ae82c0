/**
 * Gathers the bars of many days and writes them into the series files together: few rewrites, one barrier a
 * batch, and only then is a day reported as done. Memory is bounded: the owner flushes when `bytes` reaches
 * its budget.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { isBarADay, isLineADay, type SeriesForm } from '#market/datasets/series-form.js';
import { keepOriginal, moveAside, type Replacement, replaceFiles } from '#platform/disk/durable.js';
import { sha256Of } from '#platform/disk/sha256.js';
import { stampOf } from '#platform/disk/stamp.js';
import { NO_FILE, type SeriesRecord } from '#store/ledger/model.js';
import { isCutRow } from '#store/series/cut-row.js';
import { seriesFileName } from '#store/series/file-name.js';
import { mergeRows, type SeriesUpdate } from '#store/series/merge.js';
import { type ReadSeries, readSeriesRows } from '#store/series/read-series.js';
import type { Row } from '#store/series/row.js';
import { seamsOf } from '#store/series/seams.js';
import { blockFileText, type Place } from '#store/series/series-blocks.js';
import { renderSeries } from '#store/series/series-file.js';
import { recordedRow } from './corrections.js';
import { byTicker, type DayOfTicker, type PendingDay } from './pending-rows.js';
import { placeOfRow } from './taken-lines.js';

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
  /**
   * Tickers whose file could not be read and was moved aside: all their other days are to be looked up again.
   */
  readonly lost: readonly string[];
}

export interface SeriesTarget {
  readonly folder: string;
  readonly form: SeriesForm;
  readonly now: Date;
  /** The file as barloom left it last, if it did. */
  readonly known: ReadonlyMap<string, SeriesRecord>;
  /**
   * Whether the day was read for the ticker before: its row is the vendor's. Where it is given, seams are
   * told.
   */
  readonly isVendors?: (ticker: string, day: IsoDay) => boolean;
  /** Whether a file in another form than barloom's is written again although no row of it changes. */
  readonly tidy?: boolean;
  /** Throws where this run may not write any more. */
  readonly checkLock: () => Promise<void>;
  /** Records what files are about to become, where there is no archive: see SeriesRecord.next. */
  readonly announce: ((files: Readonly<Record<string, SeriesRecord>>) => Promise<void>) | undefined;
}

/** Text of series files that is written behind one barrier, bytes. */
const BATCH_BYTES = 24 << 20;

/**
 * Merges the days into the series files, durably; `also`: other files that are to be replaced in the same go.
 * Throws the disk's error; then some files may be written, and none is torn.
 */
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
    for (const { ticker, file } of batch) files[ticker] = { ...stampOf(await stat(file)), seen: true };
    batch = [];
    batchBytes = 0;
  };

  for (const { ticker, days } of byTicker(pending, isLineADay(target.form))) {
    const file = path.join(target.folder, seriesFileName(ticker, target.form));
    const existing = await readSeries(file, ticker, target, notes);
    if (existing === undefined) lost.push(ticker);
    const rows = existing?.rows ?? [];
    const before = { rows, unended: existing?.unended };
    const updates = days.map(({ from, values }) => updateOf({ ticker, from, values }, before, target.form));
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
    if (rows.length > 0) notes.push(...seamNotes(file, ticker, merged.rows, { days, target }));
    if (merged.changed || (target.tidy === true && existing?.canonical === false)) {
      if (existing?.ok === true && existing.lost.length > 0) {
        const original = await keepOriginal(file, target.now);
        notes.push(
          `${path.basename(file)} held ${existing.lost.join(', ')}, which barloom's form does not; the original is ${original}`,
        );
      }
      const places = existing?.places ?? NO_PLACES;
      const { content, bytes } = contentOf(merged.rows, { rows, places }, days, target.form);
      batch.push({ ticker, file, content });
      batchBytes += bytes;
      if (batchBytes >= BATCH_BYTES) await writeBatch();
    } else if (rows.length > 0) {
      const seen = days.some(({ values }) => values !== undefined) || target.known.get(ticker)?.seen === true;
      files[ticker] = { ...stampOf(await stat(file)), seen };
    }
  }
  if (batch.length + others.length > 0) await writeBatch();
  return { counts, files, kept, users, notes, lost };
}

/** Only of the days that are written now: each seam is told once. */
function seamNotes(
  file: string,
  ticker: string,
  rows: readonly Row[],
  { days, target }: { readonly days: readonly DayOfTicker[]; readonly target: SeriesTarget },
): readonly string[] {
  const { isVendors, form } = target;
  if (isVendors === undefined || !isBarADay(form)) return [];
  const now = new Set(days.flatMap(({ from, values }) => (values === undefined ? [] : [from.day])));
  return seamsOf(rows, (day) => now.has(day) || isVendors(ticker, day))
    .filter(({ before, day }) => now.has(before) || now.has(day))
    .map(({ what }) => `${path.basename(file)}: ${what}`);
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

/**
 * What the file becomes, and how long that is about: a text, or one that is put together while it is written.
 */
function contentOf(
  merged: readonly Row[],
  before: { readonly rows: readonly Row[]; readonly places: ReadonlyMap<IsoDay, Place> },
  days: readonly DayOfTicker[],
  form: SeriesForm,
): { readonly content: Replacement['content']; readonly bytes: number } {
  if (isLineADay(form)) {
    const content = renderSeries(merged, form);
    return { content, bytes: content.length };
  }
  const marks = new Map(before.rows.map(({ day, values }) => [day, values]));
  const taken = new Map(days.map((one) => [one.from.day, one]));
  const placeOf = ({ day, values }: Row): Place => {
    const place = marks.get(day) === values ? before.places.get(day) : undefined;
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

/**
 * Whose row it is that stands in the file: where the vendor replaced the bar, ours if it equals the bar
 * before; otherwise ours only where the ticker was looked up without a copy to compare with, and where the
 * file was cut within it.
 */
function updateOf(
  {
    ticker,
    from,
    values,
  }: { readonly ticker: string; readonly from: PendingDay; readonly values: string | undefined },
  file: { readonly rows: readonly Row[]; readonly unended: boolean | undefined },
  form: SeriesForm,
): SeriesUpdate {
  const before = from.before.get(ticker);
  const stays = values === undefined && from.keepsBarless === true;
  const ours =
    before === undefined ? !stays && from.ours(ticker) : recordedOn(file.rows, from.day, form) === before;
  return { day: from.day, values, ours: ours || isCutRow(file, from.day, values) };
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
