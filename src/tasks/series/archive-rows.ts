/**
 * The rows of a few tickers out of the archive: what `add` and `rebuild` write into series. No series is
 * touched by reading.
 */

import { wayOf } from '#ingest/day/day-way.js';
import { sortedBytes } from '#ingest/plan/wanted.js';
import { dropLines, type TakenLines, takeLines } from '#ingest/series/taken-lines.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { rowCount, rowTicker } from '#market/records/taken-rows.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import type { DataFolder } from '#store/folder/open.js';

/** A dataset in a folder that is open. */
export interface FolderDataset {
  readonly folder: DataFolder;
  readonly dataset: Dataset;
}

/** One day of the archive, and the tickers to be read out of it. */
export interface DayTickers {
  readonly day: IsoDay;
  readonly tickers: readonly string[];
}

export interface DamagedDay {
  readonly day: IsoDay;
  readonly reason: string;
}

export interface ArchiveRows {
  readonly days: readonly (DayTickers & { readonly taken: TakenLines })[];
  /** Tickers of which there was a bar. */
  readonly seen: ReadonlySet<string>;
  /** Days of the archive that could not be read. */
  readonly damaged: readonly DamagedDay[];
}

/** Days between two looks at the signal. */
const DAYS_AT_ONCE = 128;

/** Lends the rows to `use`. Throws the disk's error, the signal's reason, or what `use` throws. */
export async function withArchiveRows<T>(
  from: FolderDataset,
  days: readonly DayTickers[],
  signal: AbortSignal,
  use: (rows: ArchiveRows) => Promise<T>,
): Promise<T> {
  const all: TakenLines[] = [];
  try {
    return await use(await readRows(from, days, signal, all));
  } finally {
    for (const lines of all) dropLines(lines);
  }
}

/** `all`: gets what is to be dropped. */
async function readRows(
  from: FolderDataset,
  days: readonly DayTickers[],
  signal: AbortSignal,
  all: TakenLines[],
): Promise<ArchiveRows> {
  const seen = new Set<string>();
  const damaged: DamagedDay[] = [];
  const read: (DayTickers & { taken: TakenLines })[] = [];
  const bytesOf = new Map<readonly string[], readonly Uint8Array[]>();
  const bytesFor = (tickers: readonly string[]): readonly Uint8Array[] => {
    const found = bytesOf.get(tickers) ?? sortedBytes(tickers);
    bytesOf.set(tickers, found);
    return found;
  };
  for (let at = 0; at < days.length; at += DAYS_AT_ONCE) {
    // Reading is synchronous; signals get their turn in between.
    if (at > 0) await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
    const some = days.slice(at, at + DAYS_AT_ONCE);
    const taken = takeDays(
      from,
      some.map(({ day, tickers }) => ({ day, tickers: bytesFor(tickers) })),
    );
    for (const [i, asked] of some.entries()) {
      const rows = taken[i];
      if (rows === undefined || rows instanceof ArchiveDamage) {
        damaged.push({ day: asked.day, reason: rows?.message ?? '' });
        continue;
      }
      for (let r = 0; r < rowCount(rows); r++) seen.add(rowTicker(rows, r));
      all.push(rows);
      read.push({ ...asked, taken: rows });
    }
  }
  return { days: read, seen, damaged };
}

interface DayBytes {
  readonly day: IsoDay;
  readonly tickers: readonly Uint8Array[];
}

function takeDays(
  { folder, dataset }: FolderDataset,
  days: readonly DayBytes[],
): readonly (TakenLines | ArchiveDamage)[] {
  const archive = folder.archive(dataset);
  if (wayOf(dataset).name !== 'pieces') return archive.takeDays(days);
  return days.map(({ day, tickers }) => {
    try {
      return takeLines(day, tickers, { archive, dataset, layout: folder.layout });
    } catch (error) {
      if (error instanceof ArchiveDamage) return error;
      throw error;
    }
  });
}
