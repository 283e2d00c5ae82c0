/** Whether a market has the weeklies of underlyings that are tracked without them. */
import { sortedBytes } from '#ingest/plan/wanted.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { rowCount } from '#market/records/taken-rows.js';
import { weekliesBeside } from '#market/tickers/weekly-roots.js';
import { isOutOfMemory } from '#platform/memory-error.js';
import type { ArchiveStore } from '#store/archive/store.js';

/**
 * By tracked underlying the root that the newest copy of `days` (newest first) has beside it. A copy that
 * cannot be read has none.
 */
export function tradedWeeklies(
  underlyings: readonly string[],
  days: readonly IsoDay[],
  archive: ArchiveStore,
): Readonly<Record<string, string>> {
  const beside = Object.entries(weekliesBeside(underlyings));
  if (beside.length === 0) return {};
  const newest = days.find((day) => archive.stampOf(day) !== undefined);
  if (newest === undefined) return {};
  const isTraded = (root: string): boolean => {
    try {
      return rowCount(archive.takeRows(newest, sortedBytes([root]))) > 0;
    } catch (error) {
      if (isOutOfMemory(error)) throw error;
      return false;
    }
  };
  return Object.fromEntries(beside.filter(([, weekly]) => isTraded(weekly)));
}
