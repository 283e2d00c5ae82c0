/** What is known of each day without asking the vendor. Pure, but for what it is handed. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { FileStamp } from '#platform/disk/durable.js';
import { hasDay } from '#store/ledger/day-ranges.js';
import type { DatasetProgress, DayRecord } from '#store/ledger/model.js';
import { lookupGroups, toLookUpOn } from './to-look-up.js';
import type { Wanted } from './wanted.js';

/** What the disk and progress.json say of one day. */
export interface LocalDay {
  readonly day: IsoDay;
  readonly record: DayRecord | undefined;
  /** Our copy as it is on disk. */
  readonly copy: FileStamp | undefined;
  /** Whether the copy is the one of the record. */
  readonly recorded: boolean;
  /** The tracked tickers that have yet to be looked up on that day. */
  readonly toLookUp: Wanted;
  readonly seriesDone: boolean;
}

export interface LocalFacts {
  /** Newest first. */
  readonly days: readonly IsoDay[];
  readonly isSession: (day: IsoDay) => boolean;
  readonly known: DatasetProgress;
  readonly wanted: Wanted;
  /** Our copy of a day, whole as far as its ends show. */
  readonly copyOf: (day: IsoDay) => FileStamp | undefined;
  readonly looksWhole: (day: IsoDay) => boolean;
}

export function localDays(facts: LocalFacts): readonly LocalDay[] {
  const { known, wanted } = facts;
  const groups = lookupGroups(known, wanted);
  const tracked = wanted === '*' ? undefined : new Set(wanted);
  const isWanted = (ticker: string): boolean => tracked === undefined || tracked.has(ticker);
  return facts.days.map((day) => {
    const record = known.days.get(day);
    let copy = facts.copyOf(day);
    const recorded = copy !== undefined && sameStamp(copy, record?.archive);
    if (copy !== undefined && !recorded && !facts.looksWhole(day)) copy = undefined;
    // Where every ticker was looked up, only those are left that something has happened to since.
    const everyLookedUp = wanted === '*' && hasDay(known.everyTicker, day);
    // An extra day that nothing is known of lies in the ranges of the sessions round it.
    const isNew = record === undefined && !facts.isSession(day);
    const toLookUp: Wanted = isNew || (wanted === '*' && !everyLookedUp) ? wanted : toLookUpOn(day, groups);
    const corrected = record?.correct === undefined || !Object.keys(record.correct).some(isWanted);
    const seriesDone = toLookUp.length === 0 && corrected;
    return { day, record, copy, recorded, toLookUp, seriesDone };
  });
}

function sameStamp(a: FileStamp, b: FileStamp | undefined): boolean {
  return a.size === b?.size && a.mtimeMs === b.mtimeMs;
}
