/**
 * Which tickers have yet to be looked up on a day: their bars may be in a file that was not read for them.
 * Pure.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { type DayRanges, hasDay, NO_DAYS } from '#store/ledger/day-ranges.js';
import type { DatasetProgress } from '#store/ledger/model.js';
import type { Wanted } from './wanted.js';

/**
 * Tickers that share the days on which they were looked up: asking once a group keeps thousands of tickers
 * cheap.
 */
export interface LookupGroup {
  readonly tickers: readonly string[];
  readonly done: (day: IsoDay) => boolean;
}

export function lookupGroups(known: DatasetProgress, wanted: Wanted): readonly LookupGroup[] {
  if (wanted === '*') {
    return [...known.exceptions].map((ticker) =>
      group([ticker], known.lookups.get(ticker) ?? NO_DAYS, NO_DAYS),
    );
  }
  const byRanges = new Map<DayRanges, { plain: string[]; excepted: string[] }>();
  for (const ticker of wanted) {
    const own = known.lookups.get(ticker) ?? NO_DAYS;
    let entry = byRanges.get(own);
    if (entry === undefined) {
      entry = { plain: [], excepted: [] };
      byRanges.set(own, entry);
    }
    (known.exceptions.has(ticker) ? entry.excepted : entry.plain).push(ticker);
  }
  return [...byRanges].flatMap(([own, { plain, excepted }]) => [
    ...(plain.length > 0 ? [group(plain, own, known.everyTicker)] : []),
    ...(excepted.length > 0 ? [group(excepted, own, NO_DAYS)] : []),
  ]);
}

function group(tickers: readonly string[], own: DayRanges, shared: DayRanges): LookupGroup {
  return { tickers, done: (day) => hasDay(own, day) || hasDay(shared, day) };
}

/** The tickers that were not looked up on a day; days with the same ones share one list. */
export function tickersToLookUp(
  known: DatasetProgress,
  wanted: readonly string[],
): (day: IsoDay) => readonly string[] {
  const groups = lookupGroups(known, wanted);
  const lists = new Map<string, readonly string[]>();
  return (day) => {
    const tickers = toLookUpOn(day, groups);
    const key = groups.map(({ done }) => (done(day) ? 0 : 1)).join('');
    const shared = lists.get(key) ?? tickers;
    lists.set(key, shared);
    return shared;
  };
}

export function toLookUpOn(day: IsoDay, groups: readonly LookupGroup[]): readonly string[] {
  const open = groups.filter(({ done }) => !done(day));
  return open.length === 1 ? (open[0]?.tickers ?? []) : open.flatMap(({ tickers }) => tickers);
}
