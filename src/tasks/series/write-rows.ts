/**
 * Rows out of the archive, merged into the series of a few tickers. Files first, durable; then the record.
 */

import { splitCorrections } from '#ingest/series/corrections.js';
import type { PendingDay } from '#ingest/series/pending-rows.js';
import { seriesTarget } from '#ingest/series/series-target.js';
import { type DayCounts, writeSeries } from '#ingest/series/series-writer.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Replacement } from '#platform/disk/durable.js';
import { type DayRecord, withUsers } from '#store/ledger/model.js';
import type { Step } from '#store/ledger/steps.js';
import type { ArchiveRows, DamagedDay, FolderDataset } from './archive-rows.js';
import { lookedUp, sameUsers, seriesStep } from './series-steps.js';

export interface WriteContext {
  readonly now: Date;
  readonly signal: AbortSignal;
  /** Gets what the user should know: a file moved aside, an original kept. */
  readonly emit: (note: string) => void;
  /**
   * Which rows that are not the archive's stay where it wins otherwise: those that are recorded as the user's
   * and those of days on which it has no bar; or all. Default: none.
   */
  readonly keeps?: 'users' | 'all' | undefined;
}

export interface WriteRules {
  /** Rows of these days that are not the archive's give way; otherwise they are the user's and stay. */
  readonly archiveWins: boolean;
  /** Whether a file in another form than barloom's is written again although no row of it changes. */
  readonly tidy: boolean;
  /** Another file that is to be replaced in the same go. */
  readonly also?: Replacement | undefined;
}

export interface WrittenSeries {
  /** Rows of all days and tickers together. */
  readonly counts: DayCounts;
  /** Rows of the user's that are not what the vendor has, and stay. */
  readonly kept: ReadonlyMap<string, { readonly rows: number; readonly first: IsoDay }>;
  /** Tickers of which there was a bar. */
  readonly seen: ReadonlySet<string>;
  /** Days of the archive that could not be read: nothing of them is in the series. */
  readonly damaged: readonly DamagedDay[];
}

/** Throws the disk's error; what is right already is not written. */
export async function writeRows(
  { folder, dataset }: FolderDataset,
  rows: ArchiveRows,
  rules: WriteRules,
  context: WriteContext,
): Promise<WrittenSeries> {
  const { seen, damaged } = rows;
  const { archiveWins, tidy } = rules;
  const also = rules.also === undefined ? [] : [rules.also];
  if (rows.days.length + also.length === 0) return { counts: total([]), kept: new Map(), seen, damaged };
  const known = folder.known(dataset);
  const target = { ...seriesTarget(folder, dataset, context.now), tidy };
  const records = new Map<IsoDay, DayRecord>();
  const pending = rows.days.map(({ day, tickers, taken }): PendingDay => {
    const record = known.days.get(day);
    const concerned = new Set(record?.correct === undefined ? [] : tickers);
    const { now: before, later } = splitCorrections(record?.correct, (ticker) => concerned.has(ticker));
    if (record !== undefined && before.size > 0) {
      const { correct: _, ...rest } = record;
      records.set(day, { ...rest, ...later });
    }
    const users = new Set(record?.users);
    const keeps = context.keeps !== undefined;
    const isUsers = (ticker: string): boolean => keeps && users.has(ticker);
    const maybeGone = archiveWins || keeps ? tickers : [...before.keys()];
    const ours = (ticker: string): boolean => archiveWins && !isUsers(ticker);
    const common = { day, taken, ours, users, maybeGone, keepsBarless: keeps };
    return { ...common, before: archiveWins ? NONE : before };
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
    ...lookedUp(dataset, known, rows.days, new Set(written.lost)),
  ];
  if (steps.length > 0) await folder.progress.record(steps);
  return { counts: total(written.counts.values()), kept: written.kept, seen, damaged };
}

const NONE: ReadonlyMap<string, string | null> = new Map();

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
