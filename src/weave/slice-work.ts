/**
 * Weaves one slice of the market (a range of tickers) out of many days: reads of each day only the members that can hold it, and prepares
 * each ticker's whole file under a temporary name. Runs in a worker thread; nothing gets its final name here.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { openArchive } from '../archive/store.js';
import type { IsoDay } from '../calendar/iso-day.js';
import { temporaryName } from '../disk/durable.js';
import type { FolderLayout } from '../disk/layout.js';
import { seriesFolder } from '../disk/layout.js';
import { compareSpans } from '../flatfile/bytes.js';
import type { Dataset } from '../flatfile/dataset.js';
import { rowCount, type TakenRows } from '../flatfile/taken-rows.js';
import { seriesFileName } from '../series/file-name.js';
import { seriesColumns } from '../series/row.js';
import { parseSeries, renderSeries } from '../series/series-file.js';

export interface Slice {
  /** Tickers from here on (included); undefined: from the first. */
  readonly from: Uint8Array | undefined;
  /** And below this one; undefined: to the last. */
  readonly to: Uint8Array | undefined;
}

export interface SliceJob {
  readonly layout: FolderLayout;
  readonly slice: Slice;
  /** Days that the archive holds, ascending. */
  readonly days: readonly IsoDay[];
  /** Only these tickers; undefined: every one. */
  readonly only: ReadonlySet<string> | undefined;
}

export interface WovenSlice {
  readonly files: readonly WovenFile[];
  /** Days by ticker, all together. */
  readonly added: number;
  readonly unchanged: number;
  readonly corrected: number;
  /** Files that cannot be read and are to be moved aside before they are replaced. */
  readonly unreadable: readonly { readonly ticker: string; readonly file: string; readonly reason: string }[];
}

export interface WovenFile {
  readonly ticker: string;
  readonly file: string;
  /** Undefined: the file is what it should be already. */
  readonly temporary: string | undefined;
}

/** Throws ArchiveDamage with the day in its message, or the disk's error. */
export function weaveSlice(job: SliceJob, dataset: Dataset): WovenSlice {
  const { layout, slice, days, only } = job;
  const archive = openArchive(layout, dataset);
  const taken = days.map((day) => archive.takeSlice(day, slice.from, slice.to));
  const dates = days.map((day) => Buffer.from(`${day},`));
  const folder = seriesFolder(layout, dataset);
  const files: WovenFile[] = [];
  const unreadable: { ticker: string; file: string; reason: string }[] = [];
  const counts = { added: 0, unchanged: 0, corrected: 0 };
  const writer = newLineWriter();
  const cursors = new Int32Array(days.length);
  for (;;) {
    const lowest = lowestCursor(taken, cursors);
    if (lowest < 0) break;
    const ticker = tickerAt(taken[lowest] as TakenRows, cursors[lowest] as number);
    const wanted = only === undefined || only.has(ticker);
    writer.begin();
    let bars = 0;
    // The days from `lowest` on: earlier ones have no such ticker, or a later one at their cursor.
    const reference = taken[lowest] as TakenRows;
    const at = cursors[lowest] as number;
    for (let d = lowest; d < days.length; d++) {
      const rows = taken[d] as TakenRows;
      const i = cursors[d] as number;
      if (i >= rowCount(rows)) continue;
      if (d !== lowest && compareTickers(rows, i, reference, at) !== 0) continue;
      if (wanted) writer.line(dates[d] as Buffer, rows, i);
      bars++;
      cursors[d] = i + 1;
    }
    if (!wanted) continue;
    const file = path.join(folder, seriesFileName(ticker, dataset.seriesSuffix));
    const outcome = place(file, writer.text(), days, bars, counts);
    if (outcome.unreadable !== undefined) unreadable.push({ ticker, file, reason: outcome.unreadable });
    files.push({ ticker, file, temporary: outcome.temporary });
  }
  return { files, unreadable, ...counts };
}

/** The archive wins on the days that it holds; rows of other days stay. */
function place(
  file: string,
  text: Uint8Array,
  days: readonly IsoDay[],
  bars: number,
  counts: { added: number; unchanged: number; corrected: number },
): { readonly temporary: string | undefined; readonly unreadable?: string } {
  const existing = readIfThere(file);
  if (existing === undefined) {
    counts.added += bars;
    return { temporary: writeTemporary(file, text) };
  }
  if (Buffer.compare(existing, text) === 0) {
    counts.unchanged += bars;
    return { temporary: undefined };
  }
  const parsed = parseSeries(existing);
  if (!parsed.ok) {
    counts.added += bars;
    return { temporary: writeTemporary(file, text), unreadable: parsed.reason };
  }
  const woven = parseSeries(text);
  const ours = new Map((woven.ok ? woven.rows : []).map(({ day, values }) => [day, values]));
  const held = new Set(days);
  const rows = parsed.rows.filter(({ day }) => !held.has(day));
  for (const { day, values } of parsed.rows) {
    if (!held.has(day)) continue;
    const archived = ours.get(day);
    if (archived === values) counts.unchanged++;
    else counts.corrected++;
  }
  const before = new Set(parsed.rows.map(({ day }) => day));
  for (const [day, values] of ours) {
    rows.push({ day, values });
    if (!before.has(day)) counts.added++;
  }
  rows.sort((a, b) => (a.day < b.day ? -1 : 1));
  const merged = renderSeries(rows);
  return Buffer.compare(merged, existing) === 0
    ? { temporary: undefined }
    : { temporary: writeTemporary(file, merged) };
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function writeTemporary(file: string, text: Uint8Array): string {
  const temporary = temporaryName(file);
  const descriptor = openSync(temporary, 'w', 0o644);
  try {
    for (let at = 0; at < text.length; ) at += writeSync(descriptor, text, at, text.length - at);
  } finally {
    closeSync(descriptor);
  }
  return temporary;
}

/** Composes one series file after the other in the same buffer. */
function newLineWriter() {
  const header = Buffer.from(`${seriesColumns.join(',')}\n`);
  let bytes = Buffer.allocUnsafeSlow(1 << 16);
  let length = 0;
  return {
    begin: (): void => {
      length = header.copy(bytes);
    },
    line: (date: Uint8Array, rows: TakenRows, i: number): void => {
      const start = rows.ends[2 * i] as number;
      const end = rows.ends[2 * i + 1] as number;
      if (length + date.length + end - start + 1 > bytes.length) {
        const larger = Buffer.allocUnsafeSlow(
          Math.max(bytes.length * 2, length + date.length + end - start + 1),
        );
        bytes.copy(larger, 0, 0, length);
        bytes = larger;
      }
      for (let b = 0; b < date.length; b++) bytes[length++] = date[b] as number;
      for (let b = start; b < end; b++) bytes[length++] = rows.bytes[b] as number;
      bytes[length++] = 10;
    },
    /** Valid until the next `begin`. */
    text: (): Uint8Array => bytes.subarray(0, length),
  };
}

function lowestCursor(taken: readonly TakenRows[], cursors: Int32Array): number {
  let lowest = -1;
  for (let d = 0; d < taken.length; d++) {
    const rows = taken[d] as TakenRows;
    if ((cursors[d] as number) >= rowCount(rows)) continue;
    if (
      lowest < 0 ||
      compareTickers(rows, cursors[d] as number, taken[lowest] as TakenRows, cursors[lowest] as number) < 0
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
  return Buffer.from(
    rows.bytes.buffer,
    rows.bytes.byteOffset + start,
    (rows.ends[2 * i] as number) - start,
  ).toString();
}
