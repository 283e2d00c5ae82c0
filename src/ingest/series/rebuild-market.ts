/**
 * Every ticker's series out of the archive at once: the market is cut into slices of tickers, each slice is woven in a worker thread, one
 * write a file, and made durable behind one barrier. Memory is bounded by the size of a slice, not by the number of days.
 */
import { rename } from 'node:fs/promises';
import path from 'node:path';
import pLimit from 'p-limit';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import type { SeriesForm } from '#market/datasets/series-form.js';
import { beginningOf, endOfKey } from '#market/datasets/series-key.js';
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
import type { Slice, SliceJob, WovenFile, WovenSlice } from './rebuild-slice.js';

export interface WeaveOptions {
  readonly dataset: Dataset;
  readonly layout: FolderLayout;
  readonly archive: ArchiveStore;
  /** Ascending; the archive holds them. */
  readonly days: readonly IsoDay[];
  /** Only these tickers; undefined: all of the market. */
  readonly only?: ReadonlySet<string>;
  /** Whether rows of those days that are not the archive's give way. */
  readonly archiveWins: boolean;
  /** Runs a slice in a worker thread. */
  readonly runSlice: (job: SliceJob) => Promise<WovenSlice>;
  /** How many slices may be under way at once. */
  readonly workers: number;
  readonly now: Date;
  readonly signal: AbortSignal;
  /** Throws where this run may not write any more. */
  readonly checkLock: () => Promise<void>;
  /** Told when a slice's files are durable under their names. */
  readonly onSlice: (slice: PlacedSlice) => Promise<void>;
}

export interface PlacedSlice {
  readonly woven: WovenSlice;
  readonly files: Readonly<Record<string, SeriesRecord>>;
  readonly notes: readonly string[];
}

/** Bytes of bars that a worker holds at once. A bar is 45 bytes, and about 25 in the archive. */
const SLICE_BYTES = 20 << 20;
/** At least, so that a stop is heard between two of them, and no worker waits long for the last. */
const SLICES_A_WORKER = 4;
const BARS_PER_ARCHIVED = 1.8;

/** Throws ArchiveDamage, the disk's error, or the signal's reason; slices that were placed until then stay. */
export async function weave(options: WeaveOptions): Promise<void> {
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
          const { days, layout, only, archiveWins } = options;
          const dataset = options.dataset.name;
          const woven = await options.runSlice({ dataset, layout, slice, days, only, archiveWins });
          await options.onSlice(await placeSlice(woven, options));
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

/** Tables that are lacking are made once here, rather than by every slice. Where they cannot be written, that is what happens. */
async function makeTables({ archive, days }: WeaveOptions): Promise<void> {
  for (const day of days) archive.cutsOf(day);
  await archive.saveTocs().catch((error: unknown) => {
    if (!isDiskError(error)) throw error;
  });
}

/** Cuts the market where the newest day's members begin, into parts of about equal size. */
export function slicesOf(
  archive: ArchiveStore,
  { series }: Dataset,
  days: readonly IsoDay[],
  workers: number,
): readonly Slice[] {
  const newest = days.at(-1);
  if (newest === undefined) return [];
  const archived = days.reduce((sum, day) => sum + (archive.stampOf(day)?.size ?? 0), 0);
  const cuts = archive
    .cutsOf(newest)
    .slice(1)
    .flatMap((ticker) => beginningOfSeries(ticker, series) ?? []);
  const wanted = Math.max(SLICES_A_WORKER * workers, Math.ceil((archived * BARS_PER_ARCHIVED) / SLICE_BYTES));
  const parts = Math.min(cuts.length + 1, wanted);
  const bounds = Array.from(
    { length: parts - 1 },
    (_, i) => cuts[Math.floor(((i + 1) * cuts.length) / parts)],
  );
  const starts = [undefined, ...distinct(bounds)];
  return starts.map((from, i) => ({ from, to: starts[i + 1] }));
}

/** Where the series of that ticker begins, so that no slice parts one. */
function beginningOfSeries(ticker: Uint8Array, form: SeriesForm): Uint8Array | undefined {
  const end = endOfKey(ticker, 0, ticker.length, form);
  return end < 0 ? undefined : beginningOf(ticker.subarray(0, end), form);
}

function distinct(bounds: readonly (Uint8Array | undefined)[]): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  for (const bound of bounds) {
    const last = found.at(-1);
    if (bound !== undefined && bound.length > 0 && (last === undefined || Buffer.compare(last, bound) < 0))
      found.push(bound);
  }
  return found;
}

async function placeSlice(
  woven: WovenSlice,
  { now, checkLock }: Pick<WeaveOptions, 'now' | 'checkLock'>,
): Promise<PlacedSlice> {
  const written = woven.files.flatMap(({ temporary }) => (temporary === undefined ? [] : [temporary]));
  await makeDurable(written);
  await checkLock();
  const files: Record<string, SeriesRecord> = Object.create(null) as Record<string, SeriesRecord>;
  const notes: string[] = [];
  for (const one of woven.files) {
    if (one.temporary !== undefined) {
      await makeRoom(one, now, notes);
      await rename(one.temporary, one.file);
    }
    files[one.ticker] = { ...one.stamp, seen: true };
  }
  const folder = woven.files[0] === undefined ? undefined : path.dirname(woven.files[0].file);
  if (folder !== undefined) await syncFolder(folder);
  return { woven, files, notes };
}

/** What stands where the file goes is not overwritten where it cannot be read, and kept where it holds more. */
async function makeRoom(one: WovenFile, now: Date, notes: string[]): Promise<void> {
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
