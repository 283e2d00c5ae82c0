/**
 * Series out of the archive, without the network: what `add` and `rebuild` have in common. A few tickers are read through the tables of
 * contents and merged here; thousands are rebuilt by worker threads in one pass over the archive. Files first, durable; then the record.
 */

import { wayOf } from '#ingest/day/day-way.js';
import { sortedBytes } from '#ingest/plan/wanted.js';
import { splitCorrections } from '#ingest/series/corrections.js';
import type { PendingDay } from '#ingest/series/pending-rows.js';
import { seriesTarget } from '#ingest/series/series-target.js';
import { type DayCounts, writeSeries } from '#ingest/series/series-writer.js';
import { dropLines, type TakenLines, takeLines } from '#ingest/series/taken-lines.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { rowCount, rowTicker } from '#market/records/taken-rows.js';
import type { Replacement } from '#platform/disk/durable.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import type { DataFolder } from '#store/folder/open.js';
import {
  type DatasetProgress,
  type DayRecord,
  isLookedUp,
  type SeriesRecord,
  withUsers,
} from '#store/ledger/model.js';
import type { Step } from '#store/ledger/steps.js';

/** One day of the archive, and the tickers to be read out of it. */
export interface FillDay {
  readonly day: IsoDay;
  readonly tickers: readonly string[];
}

export interface FillContext {
  readonly now: Date;
  readonly signal: AbortSignal;
  /** Told what the user should know: a file moved aside, an original kept. */
  readonly emit: (note: string) => void;
  /** Whether rows that were found to be the user's stay where the archive wins otherwise. */
  readonly keepsUsers?: boolean;
}

export interface DamagedDay {
  readonly day: IsoDay;
  readonly reason: string;
}

export interface FillResult {
  /** Rows of all days and tickers together. */
  readonly counts: DayCounts;
  /** Rows of the user's that are not what the vendor has, and stay. */
  readonly kept: ReadonlyMap<string, { readonly rows: number; readonly first: IsoDay }>;
  /** Tickers of which there was a bar. */
  readonly seen: ReadonlySet<string>;
  /** Days of the archive that could not be read: nothing of them is in the series. */
  readonly damaged: readonly DamagedDay[];
}

export interface ReadDays {
  readonly days: readonly (FillDay & { readonly taken: TakenLines })[];
  readonly seen: ReadonlySet<string>;
  readonly damaged: readonly DamagedDay[];
}

/** Days between two looks at the signal. */
const DAYS_AT_ONCE = 128;

/** Lends what `writeFillDays` writes; no series is touched by reading. Throws the disk's error, the signal's reason, or what `use` throws. */
export async function withFillDays<T>(
  folder: DataFolder,
  dataset: Dataset,
  days: readonly FillDay[],
  signal: AbortSignal,
  use: (read: ReadDays) => Promise<T>,
): Promise<T> {
  const all: TakenLines[] = [];
  try {
    return await use(await readFillDays(folder, dataset, days, signal, all));
  } finally {
    for (const lines of all) dropLines(lines);
  }
}

/** `all`: gets what is to be dropped. */
async function readFillDays(
  folder: DataFolder,
  dataset: Dataset,
  days: readonly FillDay[],
  signal: AbortSignal,
  all: TakenLines[],
): Promise<ReadDays> {
  const archive = folder.archive(dataset);
  const seen = new Set<string>();
  const damaged: DamagedDay[] = [];
  const read: (FillDay & { taken: TakenLines })[] = [];
  const bytesOf = new Map<readonly string[], readonly Uint8Array[]>();
  const bytesFor = (tickers: readonly string[]): readonly Uint8Array[] => {
    const found = bytesOf.get(tickers) ?? sortedBytes(tickers);
    bytesOf.set(tickers, found);
    return found;
  };
  for (let from = 0; from < days.length; from += DAYS_AT_ONCE) {
    // Reading is synchronous; signals get their turn in between.
    if (from > 0) await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
    const some = days.slice(from, from + DAYS_AT_ONCE);
    const wishes = some.map(({ day, tickers }) => ({ day, tickers: bytesFor(tickers) }));
    const taken =
      wayOf(dataset).name === 'pieces'
        ? wishes.map(({ day, tickers }) => linesOf(folder, dataset, day, tickers))
        : archive.takeDays(wishes);
    for (const [i, fillDay] of some.entries()) {
      const rows = taken[i];
      if (rows === undefined || rows instanceof ArchiveDamage) {
        damaged.push({ day: fillDay.day, reason: rows?.message ?? '' });
        continue;
      }
      for (let r = 0; r < rowCount(rows); r++) seen.add(rowTicker(rows, r));
      all.push(rows);
      read.push({ ...fillDay, taken: rows });
    }
  }
  return { days: read, seen, damaged };
}

/**
 * Merges what was read into the series and records it. `archiveWins`: rows of these days that are not the archive's give way; otherwise
 * they are the user's and stay. `also`: other files that are to be replaced in the same go.
 */
export async function writeFillDays(
  folder: DataFolder,
  dataset: Dataset,
  read: ReadDays,
  archiveWins: boolean,
  context: FillContext,
  also: readonly Replacement[] = [],
): Promise<FillResult> {
  const { seen, damaged } = read;
  if (read.days.length + also.length === 0) return { counts: total([]), kept: new Map(), seen, damaged };
  const known = folder.known(dataset);
  const target = { ...seriesTarget(folder, dataset, context.now), tidy: archiveWins };
  const records = new Map<IsoDay, DayRecord>();
  const pending = read.days.map(({ day, tickers, taken }): PendingDay => {
    const record = known.days.get(day);
    const concerned = new Set(record?.correct === undefined ? [] : tickers);
    const { now: before, later } = splitCorrections(record?.correct, (ticker) => concerned.has(ticker));
    if (record !== undefined && before.size > 0) {
      const { correct: _, ...settled } = record;
      records.set(day, { ...settled, ...later });
    }
    const users = new Set(record?.users);
    const isUsers = (ticker: string): boolean => context.keepsUsers === true && users.has(ticker);
    const maybeGone = archiveWins ? tickers : [...before.keys()];
    const ours = (ticker: string): boolean => archiveWins && !isUsers(ticker);
    return { day, taken, before: archiveWins ? NONE : before, ours, users, maybeGone };
  });
  const written = await writeSeries(pending, target, also);
  for (const note of written.notes) context.emit(note);
  for (const [day, users] of written.users) {
    const record = known.days.get(day);
    if (sameUsers(record?.users, users)) continue;
    records.set(day, withUsers(records.get(day) ?? record ?? {}, users));
  }
  const steps: readonly Step[] = [
    ...(written.lost.length > 0
      ? [{ step: 'forget', dataset: dataset.name, tickers: written.lost } as const]
      : []),
    ...seriesStep(dataset, known, written.files),
    ...[...records].map(([day, record]) => ({ step: 'day', dataset: dataset.name, day, record }) as const),
    ...lookedUp(dataset, known, read.days, new Set(written.lost)),
  ];
  if (steps.length > 0) await folder.progress.record(steps);
  return { counts: total(written.counts.values()), kept: written.kept, seen, damaged };
}

function linesOf(
  folder: DataFolder,
  dataset: Dataset,
  day: IsoDay,
  tickers: readonly Uint8Array[],
): TakenLines | ArchiveDamage {
  try {
    return takeLines(day, tickers, { archive: folder.archive(dataset), dataset, layout: folder.layout });
  } catch (error) {
    if (error instanceof ArchiveDamage) return error;
    throw error;
  }
}

function sameUsers(before: DayRecord['users'] = [], users: ReadonlySet<string>): boolean {
  return before.length === users.size && before.every((ticker) => users.has(ticker));
}

const NONE: ReadonlyMap<string, string | null> = new Map();

/** What is recorded already is not recorded again. */
export function seriesStep(
  dataset: Dataset,
  known: DatasetProgress,
  files: Readonly<Record<string, SeriesRecord>>,
): Step[] {
  const news = Object.entries(files).filter(([ticker, { size, mtimeMs, seen }]) => {
    const before = known.series.get(ticker);
    return before?.size !== size || before.mtimeMs !== mtimeMs || before.seen !== seen;
  });
  return news.length === 0
    ? []
    : [{ step: 'series', dataset: dataset.name, files: Object.fromEntries(news) }];
}

/** `forgotten`: tickers of whom nothing is known any more, whatever `known` says. */
function lookedUp(
  dataset: Dataset,
  known: DatasetProgress,
  days: readonly FillDay[],
  forgotten: ReadonlySet<string>,
): Step[] {
  const byTickers = new Map<readonly string[], IsoDay[]>();
  for (const { day, tickers } of days) {
    if (tickers.every((ticker) => !forgotten.has(ticker) && isLookedUp(known, ticker, day))) continue;
    const on = byTickers.get(tickers);
    if (on === undefined) byTickers.set(tickers, [day]);
    else on.push(day);
  }
  return [...byTickers].map(([tickers, on]) => ({
    step: 'looked-up',
    dataset: dataset.name,
    tickers,
    days: on,
  }));
}

export function total(counts: Iterable<DayCounts>): DayCounts {
  const sum = { added: 0, unchanged: 0, corrected: 0, kept: 0 };
  for (const count of counts) {
    sum.added += count.added;
    sum.unchanged += count.unchanged;
    sum.corrected += count.corrected;
    sum.kept += count.kept;
  }
  return sum;
}

/** From so many bars on, rebuilding in worker threads is quicker than merging here, and keeps the memory bounded. */
export const MANY_BARS = 300_000;

export function isMany(tickers: number, days: number): boolean {
  return tickers * days > MANY_BARS;
}

/** Corrections that wait for these tickers are settled, and no row of theirs is the user's: the series now say what the archive does. */
export function settledCorrections(
  dataset: Dataset,
  known: DatasetProgress,
  days: readonly IsoDay[],
  isFilled: (ticker: string) => boolean,
): Step[] {
  return days.flatMap((day): Step[] => {
    const record = known.days.get(day);
    if (record === undefined) return [];
    const { now: settled, later } = splitCorrections(record.correct, isFilled);
    const users = new Set(record.users?.filter((ticker) => !isFilled(ticker)));
    if (settled.size === 0 && sameUsers(record.users, users)) return [];
    const { correct: _, ...rest } = record;
    return [{ step: 'day', dataset: dataset.name, day, record: withUsers({ ...rest, ...later }, users) }];
  });
}
