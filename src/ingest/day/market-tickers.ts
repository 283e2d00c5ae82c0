/** Every ticker of a day's market. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { rowCount, rowTicker, type TakenRows } from '#market/records/taken-rows.js';
import { isDiskError } from '#platform/disk/errors.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import type { ArchiveStore } from '#store/archive/store.js';

/** `sessions`: newest first. Of the newest copy; none where there is none that can be read. */
export function newestMarket(sessions: readonly IsoDay[], archive: ArchiveStore): ReadonlySet<string> {
  const newest = sessions.find((day) => archive.stampOf(day) !== undefined);
  try {
    return newest === undefined ? new Set() : tickersOfRows(archive.takeRows(newest, '*'));
  } catch (error) {
    if (!(error instanceof ArchiveDamage) && !isDiskError(error)) throw error;
    return new Set();
  }
}

export function tickersOfRows(rows: TakenRows): ReadonlySet<string> {
  const tickers = new Set<string>();
  for (let i = 0; i < rowCount(rows); i++) tickers.add(rowTicker(rows, i));
  return tickers;
}
