/**
 * Every ticker's series out of the archive at once: the market is cut into slices of tickers, each slice is
 * rebuilt in a worker thread, one write a file, and made durable behind one barrier. Memory is bounded by the
 * size of a slice, not by the number of days.
 */
import { rename } from 'node:fs/promises';
import path from 'node:path';
import pLimit from 'p-limit';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import {
  keepOriginal,
  makeDurable,
  makeFolder,
  moveAside,
  removeTemporaries,
  syncFolder,
} from '#platform/disk/durable.js';
import { isDiskError } from '#platform/disk/errors.js';
import type { ArchiveStore } from '#store/archive/store.js';
import { type FolderLayout, seriesFolder } from '#store/folder/layout.js';
import type { SeriesRecord } from '#store/ledger/model.js';
import { slicesOf } from './market-slices.js';
import type { RebuiltFile, RebuiltSlice, SliceJob } from './rebuild-slice.js';

export interface RebuildMarketOptions {
  readonly dataset: Dataset;
  readonly layout: FolderLayout;
  readonly archive: ArchiveStore;
  /** Ascending; the archive holds them. */
  readonly days: readonly IsoDay[];
  /** Only these tickers; undefined: all of the market. */
  readonly only?: ReadonlySet<string>;
  /** These three: see SliceJob. */
  readonly archiveWins: boolean;
  readonly users?: SliceJob['users'];
  readonly vendors?: SliceJob['vendors'];
  /** Runs a slice in a worker thread. */
  readonly runSlice: (job: SliceJob) => Promise<RebuiltSlice>;
  /** How many slices may be under way at once. */
  readonly workers: number;
  readonly now: Date;
  readonly signal: AbortSignal;
  /** Throws where this run may not write any more. */
  readonly checkLock: () => Promise<void>;
  /** Called when a slice's files are durable under their names. */
  readonly onSlice: (slice: PlacedSlice) => Promise<void>;
}

export interface PlacedSlice {
  readonly rebuilt: RebuiltSlice;
  readonly files: Readonly<Record<string, SeriesRecord>>;
  readonly notes: readonly string[];
}

/**
 * Throws ArchiveDamage, the disk's error, or the signal's reason; slices that were placed until then stay.
 */
export async function rebuildMarket(options: RebuildMarketOptions): Promise<void> {
  await makeFolder(seriesFolder(options.layout, options.dataset));
  await makeTables(options);
  const limit = pLimit(options.workers);
  let failed = false;
  const results = await Promise.allSettled(
    slicesOf(options.archive, options.dataset, options.days, options.workers).map((slice) =>
      limit(async () => {
        if (failed) return;
        try {
          options.signal.throwIfAborted();
          const { days, layout, only, archiveWins, users, vendors } = options;
          const dataset = options.dataset.name;
          const rebuilt = await options.runSlice({
            kind: 'slice',
            dataset,
            layout,
            slice,
            days,
            only,
            archiveWins,
            users,
            vendors,
          });
          await options.onSlice(await placeSlice(rebuilt, options));
        } catch (error) {
          failed = true;
          throw error;
        }
      }),
    ),
  );
  // What slices had written when one of them failed takes room and has no name.
  if (failed) await removeTemporaries(seriesFolder(options.layout, options.dataset));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

/**
 * Missing tables are made once here, rather than by every slice. Where they cannot be written, that is what
 * happens.
 */
async function makeTables({ archive, days }: RebuildMarketOptions): Promise<void> {
  for (const day of days) archive.cutsOf(day);
  await archive.saveTocs().catch((error: unknown) => {
    if (!isDiskError(error)) throw error;
  });
}

async function placeSlice(
  rebuilt: RebuiltSlice,
  { now, checkLock }: Pick<RebuildMarketOptions, 'now' | 'checkLock'>,
): Promise<PlacedSlice> {
  const written = rebuilt.files.flatMap(({ temporary }) => (temporary === undefined ? [] : [temporary]));
  await makeDurable(written);
  await checkLock();
  const files: Record<string, SeriesRecord> = Object.create(null) as Record<string, SeriesRecord>;
  const notes: string[] = [];
  for (const one of rebuilt.files) {
    if (one.temporary !== undefined) {
      await makeRoom(one, now, notes);
      await rename(one.temporary, one.file);
    }
    files[one.ticker] = { ...one.stamp, seen: true };
    notes.push(...one.seams.map((what) => `${path.basename(one.file)}: ${what}`));
  }
  const folder = rebuilt.files[0] === undefined ? undefined : path.dirname(rebuilt.files[0].file);
  if (folder !== undefined) await syncFolder(folder);
  return { rebuilt, files, notes };
}

/**
 * What stands where the file goes is not overwritten where it cannot be read, and kept where it holds more.
 */
async function makeRoom(one: RebuiltFile, now: Date, notes: string[]): Promise<void> {
  const name = path.basename(one.file);
  if (one.unreadable !== undefined) {
    const aside = path.basename(await moveAside(one.file, 'unreadable', now));
    notes.push(
      `${name} cannot be read (${one.unreadable}); it was moved to ${aside} and ${one.ticker} is made again`,
    );
  } else if (one.lost.length > 0) {
    const original = await keepOriginal(one.file, now);
    notes.push(
      `${name} held ${one.lost.join(', ')}, which barloom's form does not; the original is ${original}`,
    );
  }
}
