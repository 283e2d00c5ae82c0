/** Thousands of tickers, or all, out of the archive in one pass: rebuilt by worker threads, memory bounded by slices of the market. */

import { rebuildMarket } from '#ingest/series/rebuild-market.js';
import type { DayCounts } from '#ingest/series/series-writer.js';
import { openPool } from '#ingest/threads/pool.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import type { ArchiveStore } from '#store/archive/store.js';
import type { DataFolder } from '#store/folder/open.js';
import { hasDay } from '#store/ledger/day-ranges.js';
import { isLookedUp, withUsers } from '#store/ledger/model.js';
import type { Step } from '#store/ledger/steps.js';
import {
  type DamagedDay,
  type FillContext,
  type FillResult,
  seriesStep,
  settledCorrections,
} from './from-archive.js';

export interface FillManyContext extends FillContext {
  readonly workers: number;
  /** Told after each slice of the market. */
  readonly onProgress?: (files: number) => void;
}

/** Throws the disk's error, or the signal's reason; files that were placed until then stay, and are recorded. */
export async function fillMany(
  folder: DataFolder,
  dataset: Dataset,
  tickers: readonly string[] | '*',
  days: readonly IsoDay[],
  archiveWins: boolean,
  context: FillManyContext,
): Promise<FillResult> {
  try {
    return await fillSoundDays(folder, dataset, tickers, days, archiveWins, context);
  } catch (error) {
    if (!(error instanceof ArchiveDamage)) throw error;
    const damaged = damagedDays(folder.archive(dataset), days);
    if (damaged.length === 0) throw error;
    const without = new Set(damaged.map(({ day }) => day));
    const sound = days.filter((day) => !without.has(day));
    const filled = await fillSoundDays(folder, dataset, tickers, sound, archiveWins, context);
    return { ...filled, damaged };
  }
}

async function fillSoundDays(
  folder: DataFolder,
  dataset: Dataset,
  tickers: readonly string[] | '*',
  days: readonly IsoDay[],
  archiveWins: boolean,
  context: FillManyContext,
): Promise<FillResult> {
  const { now, signal, workers, emit } = context;
  const known = folder.known(dataset);
  const only = tickers === '*' ? undefined : new Set(tickers);
  const counts: DayCounts = { added: 0, unchanged: 0, corrected: 0, kept: 0 };
  const kept = new Map<string, { rows: number; first: IsoDay }>();
  const seen = new Set<string>();
  const users = new Map<IsoDay, Set<string>>();
  const pool = openPool(workers, []);
  try {
    await rebuildMarket({
      dataset,
      layout: folder.layout,
      archive: folder.archive(dataset),
      days,
      ...(only === undefined ? {} : { only }),
      archiveWins,
      runSlice: pool.slice,
      workers,
      now,
      signal,
      checkLock: folder.progress.checkLock,
      onSlice: async ({ rebuilt, files, notes }) => {
        const steps = seriesStep(dataset, known, files);
        if (steps.length > 0) await folder.progress.record(steps);
        for (const name of ['added', 'unchanged', 'corrected', 'kept'] as const) {
          for (const n of rebuilt[name]) counts[name] += n;
        }
        for (const note of notes) emit(note);
        for (const file of rebuilt.files) {
          seen.add(file.ticker);
          for (const day of file.kept ?? []) {
            const before = kept.get(file.ticker);
            kept.set(file.ticker, { rows: (before?.rows ?? 0) + 1, first: before?.first ?? day });
            users.set(day, (users.get(day) ?? new Set(known.days.get(day)?.users)).add(file.ticker));
          }
        }
        context.onProgress?.(seen.size);
      },
    });
  } finally {
    await pool.close();
  }
  const filled = tickers === '*' ? '*' : tickers.filter((ticker) => seen.has(ticker));
  const isNew =
    filled === '*'
      ? known.exceptions.size > 0 || days.some((day) => !hasDay(known.everyTicker, day))
      : filled.some((ticker) => days.some((day) => !isLookedUp(known, ticker, day)));
  const steps: readonly Step[] = [
    ...(isNew ? [{ step: 'looked-up', dataset: dataset.name, tickers: filled, days } as const] : []),
    ...(archiveWins
      ? settledCorrections(dataset, known, days, (ticker) => tickers === '*' || seen.has(ticker))
      : [...users].map(([day, tickers]): Step => {
          const record = withUsers(known.days.get(day) ?? {}, tickers);
          return { step: 'day', dataset: dataset.name, day, record };
        })),
  ];
  if (steps.length > 0) await folder.progress.record(steps);
  return { counts, kept, seen, damaged: [] };
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
