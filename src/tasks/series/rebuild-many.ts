/**
 * Thousands of tickers, or all, out of the archive in one pass: rebuilt by worker threads, memory bounded by
 * slices of the market.
 */

import { type PlacedSlice, rebuildMarket } from '#ingest/series/rebuild-market.js';
import type { DayCounts } from '#ingest/series/series-writer.js';
import { openPool } from '#ingest/threads/pool.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import type { ArchiveStore } from '#store/archive/store.js';
import { hasDay } from '#store/ledger/day-ranges.js';
import { type DatasetProgress, isLookedUp, withUsers } from '#store/ledger/model.js';
import type { Step } from '#store/ledger/steps.js';
import type { DamagedDay, FolderDataset } from './archive-rows.js';
import { finishedCorrections, seriesStep } from './series-steps.js';
import type { WriteContext, WrittenSeries } from './write-rows.js';

export interface ManySeries {
  readonly tickers: readonly string[] | '*';
  /** Ascending; the archive holds them. */
  readonly days: readonly IsoDay[];
  /** Rows of these days that are not the archive's give way; otherwise they are the user's and stay. */
  readonly archiveWins: boolean;
}

export interface RebuildManyContext extends WriteContext {
  readonly workers: number;
  /** Called after each slice of the market. */
  readonly onProgress?: (files: number) => void;
}

/**
 * Throws the disk's error, or the signal's reason; files that were placed until then stay, and are recorded.
 */
export async function rebuildMany(
  of: FolderDataset,
  asked: ManySeries,
  context: RebuildManyContext,
): Promise<WrittenSeries> {
  try {
    return await rebuildSoundDays(of, asked, context);
  } catch (error) {
    if (!(error instanceof ArchiveDamage)) throw error;
    const damaged = damagedDays(of.folder.archive(of.dataset), asked.days);
    if (damaged.length === 0) throw error;
    const without = new Set(damaged.map(({ day }) => day));
    const sound = asked.days.filter((day) => !without.has(day));
    return { ...(await rebuildSoundDays(of, { ...asked, days: sound }, context)), damaged };
  }
}

async function rebuildSoundDays(
  { folder, dataset }: FolderDataset,
  asked: ManySeries,
  context: RebuildManyContext,
): Promise<WrittenSeries> {
  const { tickers, days, archiveWins } = asked;
  const { now, signal, workers } = context;
  const known = folder.known(dataset);
  const tally = newTally();
  const pool = openPool(workers, []);
  try {
    await rebuildMarket({
      dataset,
      layout: folder.layout,
      archive: folder.archive(dataset),
      days,
      ...(tickers === '*' ? {} : { only: new Set(tickers) }),
      archiveWins,
      ...(context.keeps === 'users' ? { users: usersOf(known) } : {}),
      runSlice: pool.slice,
      workers,
      now,
      signal,
      checkLock: folder.progress.checkLock,
      onSlice: async (slice) => {
        const steps = seriesStep(dataset, known, slice.files);
        if (steps.length > 0) await folder.progress.record(steps);
        for (const note of slice.notes) context.emit(note);
        tally.add(slice);
        context.onProgress?.(tally.seen.size);
      },
    });
  } finally {
    await pool.close();
  }
  const { counts, kept, seen, users } = tally;
  const isRebuilt = (ticker: string): boolean => tickers === '*' || seen.has(ticker);
  const steps: readonly Step[] = [
    ...lookedUpStep(dataset.name, known, asked, seen),
    ...(archiveWins
      ? finishedCorrections(dataset, known, { days, isRebuilt, users })
      : [...users].map(([day, tickers]): Step => {
          const before = known.days.get(day);
          const record = withUsers(before ?? {}, new Set([...(before?.users ?? []), ...tickers]));
          return { step: 'day', dataset: dataset.name, day, record };
        })),
  ];
  if (steps.length > 0) await folder.progress.record(steps);
  return { counts, kept, seen, damaged: [] };
}

/** By day, the tickers whose row is known to be the user's. */
function usersOf({ days }: DatasetProgress): ReadonlyMap<IsoDay, ReadonlySet<string>> {
  return new Map(
    [...days].flatMap(([day, { users }]) => (users === undefined ? [] : [[day, new Set(users)]])),
  );
}

/** What the slices come to together. */
function newTally() {
  const counts: DayCounts = { added: 0, unchanged: 0, corrected: 0, kept: 0 };
  const kept = new Map<string, { rows: number; first: IsoDay }>();
  const seen = new Set<string>();
  /** By day, the tickers whose row was found to be the user's, and stays. */
  const users = new Map<IsoDay, Set<string>>();
  return {
    counts,
    kept,
    seen,
    users,
    add({ rebuilt }: PlacedSlice): void {
      for (const name of ['added', 'unchanged', 'corrected', 'kept'] as const) {
        for (const n of rebuilt[name]) counts[name] += n;
      }
      for (const file of rebuilt.files) {
        seen.add(file.ticker);
        for (const day of file.kept ?? []) {
          const before = kept.get(file.ticker);
          kept.set(file.ticker, { rows: (before?.rows ?? 0) + 1, first: before?.first ?? day });
          users.set(day, (users.get(day) ?? new Set()).add(file.ticker));
        }
      }
    },
  };
}

function lookedUpStep(
  dataset: string,
  known: DatasetProgress,
  { tickers, days }: ManySeries,
  seen: ReadonlySet<string>,
): Step[] {
  const rebuilt = tickers === '*' ? '*' : tickers.filter((ticker) => seen.has(ticker));
  const isNew =
    rebuilt === '*'
      ? known.exceptions.size > 0 || days.some((day) => !hasDay(known.everyTicker, day))
      : rebuilt.some((ticker) => days.some((day) => !isLookedUp(known, ticker, day)));
  return isNew ? [{ step: 'looked-up', dataset, tickers: rebuilt, days }] : [];
}

function damagedDays(archive: ArchiveStore, days: readonly IsoDay[]): readonly DamagedDay[] {
  return days.flatMap((day) => {
    try {
      archive.check(day);
      return [];
    } catch (error) {
      if (!(error instanceof ArchiveDamage)) throw error;
      return [{ day, reason: error.message }];
    }
  });
}
