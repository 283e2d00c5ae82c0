/**
 * The market cut into slices of tickers, by which many series are read or written at once in bounded memory.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { isLineADay, type SeriesForm } from '#market/datasets/series-form.js';
import { beginningOf, endOfKey } from '#market/datasets/series-key.js';
import { rowCount, rowTicker } from '#market/records/taken-rows.js';
import type { ArchiveStore } from '#store/archive/store.js';

export interface Slice {
  /** Tickers from here on (included), by UTF-8 bytes; undefined: from the first. */
  readonly from: Uint8Array | undefined;
  /** And below this one; undefined: to the last. */
  readonly to: Uint8Array | undefined;
}

/** Bytes of bars that a worker holds at once. A bar is 45 bytes, and about 25 in the archive. */
const SLICE_BYTES = 20 << 20;
/** At least, so that a stop is heard between two of them, and no worker waits long for the last. */
const SLICES_A_WORKER = 4;
const BARS_PER_ARCHIVED = 1.8;
/** Slices that one member may be in: all of them inflate it. */
const SLICES_A_MEMBER = 2;

/**
 * Cuts the market into parts of about equal size: where the newest day's members begin, or, where that makes
 * too large ones, between any two of its tickers.
 */
export function slicesOf(
  archive: ArchiveStore,
  { series, inPieces }: Dataset,
  days: readonly IsoDay[],
  workers: number,
): readonly Slice[] {
  const newest = days.at(-1);
  if (newest === undefined) return [];
  const archived = days.reduce((sum, day) => sum + (archive.stampOf(day)?.size ?? 0), 0);
  const members = archive.cutsOf(newest);
  const needed = Math.ceil((archived * BARS_PER_ARCHIVED) / SLICE_BYTES);
  // Without a table of members every slice reads its days whole.
  const isFine = !inPieces && isLineADay(series) && members.length > 0 && needed > members.length;
  const cuts = (isFine ? tickersOf(archive, newest) : members)
    .slice(1)
    .flatMap((ticker) => beginningOfSeries(ticker, series) ?? []);
  const wanted = isFine
    ? Math.min(needed, SLICES_A_MEMBER * members.length)
    : Math.max(SLICES_A_WORKER * workers, needed);
  const parts = Math.min(cuts.length + 1, wanted);
  const bounds = Array.from(
    { length: parts - 1 },
    (_, i) => cuts[Math.floor(((i + 1) * cuts.length) / parts)],
  );
  const starts = [undefined, ...distinct(bounds)];
  return starts.map((from, i) => ({ from, to: starts[i + 1] }));
}

function tickersOf(archive: ArchiveStore, day: IsoDay): readonly Uint8Array[] {
  const rows = archive.takeRows(day, '*');
  return Array.from({ length: rowCount(rows) }, (_, i) => Buffer.from(rowTicker(rows, i)));
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
