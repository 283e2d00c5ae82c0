/** Tickers by year: how many there were, and who came and went between the first and the last day here. */
import { tickersOfRows } from '#ingest/day/market-tickers.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import type { ArchiveStore } from '#store/archive/store.js';

export interface MarketYear {
  readonly year: string;
  /** The days that were compared: the year's first and last in the archive. */
  readonly first: IsoDay;
  readonly last: IsoDay;
  /** On the last day. */
  readonly tickers: number;
  /** On the last day and not on the first, and the other way round. */
  readonly listed: number;
  readonly gone: number;
}

/** A year whose first or last day cannot be read is left out. Throws the disk's error. */
export function marketYears(archive: ArchiveStore): readonly MarketYear[] {
  const years = new Map<string, { first: IsoDay; last: IsoDay }>();
  for (const day of archive.days()) {
    const year = years.get(day.slice(0, 4));
    if (year === undefined) years.set(day.slice(0, 4), { first: day, last: day });
    else year.last = day;
  }
  return [...years].flatMap(([year, { first, last }]) => {
    const before = tickersOn(first, archive);
    const after = first === last ? before : tickersOn(last, archive);
    if (before === undefined || after === undefined) return [];
    const listed = [...after].filter((ticker) => !before.has(ticker)).length;
    return [{ year, first, last, tickers: after.size, listed, gone: before.size - (after.size - listed) }];
  });
}

function tickersOn(day: IsoDay, archive: ArchiveStore): ReadonlySet<string> | undefined {
  try {
    return tickersOfRows(archive.takeRows(day, '*'));
  } catch (error) {
    if (error instanceof ArchiveDamage) return undefined;
    throw error;
  }
}
