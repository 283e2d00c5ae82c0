/**
 * The plan: which days are missing, and how each is to be had. Pure: facts from disk and progress first, from which follows which
 * months have to be listed; then, with the listings, every session's state and action.
 */

import { type IsoDay, monthOf } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import type { FileStamp } from '#platform/disk/durable.js';
import { type DayRanges, hasDay, NO_DAYS } from '#store/ledger/day-ranges.js';
import type { DatasetProgress, DayRecord } from '#store/ledger/model.js';
import type { ListedObject } from '#vendors/flatfiles/port.js';
import { type DayAction, type DayFacts, type DayState, type DayWishes, decideDay } from './day-state.js';
import type { Wanted } from './wanted.js';

/** What the disk and progress.json say of one session. */
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

export interface PlannedDay extends LocalDay {
  readonly state: DayState;
  readonly action: DayAction;
  readonly object: ListedObject | undefined;
  /** The record to make of a copy that progress.json does not know, or not with what the listing says. */
  readonly adopt: DayRecord | undefined;
}

export interface LocalFacts {
  /** Newest first. */
  readonly days: readonly IsoDay[];
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
    const toLookUp: Wanted =
      wanted === '*' && !hasDay(known.everyTicker, day) ? '*' : toLookUpOn(day, groups);
    const corrected = record?.correct === undefined || !Object.keys(record.correct).some(isWanted);
    const seriesDone = toLookUp.length === 0 && corrected;
    return { day, record, copy, recorded, toLookUp, seriesDone };
  });
}

/** Tickers that share the days on which they were looked up: asking once a group keeps thousands of tickers cheap. */
interface LookupGroup {
  readonly tickers: readonly string[];
  readonly done: (day: IsoDay) => boolean;
}

function lookupGroups(known: DatasetProgress, wanted: Wanted): readonly LookupGroup[] {
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

function toLookUpOn(day: IsoDay, groups: readonly LookupGroup[]): readonly string[] {
  const open = groups.filter(({ done }) => !done(day));
  return open.length === 1 ? (open[0]?.tickers ?? []) : open.flatMap(({ tickers }) => tickers);
}

export interface PlanContext {
  readonly dataset: Dataset;
  readonly wishes: DayWishes;
  /** List settled days again too. */
  readonly recheck: boolean;
  readonly today: IsoDay;
  /** The last session that is overdue. */
  readonly overdueUntil: IsoDay;
}

/** Months (`YYYY-MM`) that have to be listed, newest first. */
export function monthsToList(days: readonly LocalDay[], context: PlanContext): readonly string[] {
  const settled = settledUntil(context);
  const months = new Set<string>();
  for (const local of days) {
    if (local.day <= context.today && needsListing(local, context, settled)) months.add(monthOf(local.day));
  }
  return [...months].sort().reverse();
}

/** The last session that is not expected to be replaced any more: ten sessions back. */
export function settledUntil({ dataset, today }: Pick<PlanContext, 'dataset' | 'today'>): IsoDay {
  return dataset.calendar.previous(today, 10);
}

function needsListing(local: LocalDay, { dataset, wishes, recheck }: PlanContext, settled: IsoDay): boolean {
  if (wishes.force || recheck) return true;
  // Whether there is one shows where its month is listed for another day.
  if (isOptionalAndUnknown(local, dataset)) return false;
  if (local.record?.pruned === true && wishes.pruned !== true) return false;
  if (local.day > settled) return true;
  if (wishes.archive && !local.recorded) return true;
  return wishes.series && !local.seriesDone && !local.recorded;
}

/** `listings`: by month, the objects by day; a month that is not in it was not listed. Newest first, like the days of the result; optional days are only in it where there is one. */
export function planDays(
  days: readonly LocalDay[],
  listings: ReadonlyMap<string, ReadonlyMap<IsoDay, ListedObject>>,
  context: PlanContext,
): readonly PlannedDay[] {
  return days.flatMap((local): PlannedDay[] => {
    const month = listings.get(monthOf(local.day));
    const object = month?.get(local.day);
    const listed: DayFacts['listed'] =
      month === undefined
        ? local.day > context.today
          ? 'no'
          : 'unknown'
        : object === undefined
          ? 'no'
          : 'yes';
    if (object === undefined && isOptionalAndUnknown(local, context.dataset)) return [];
    const copy = copyState(local, object);
    const facts: DayFacts = {
      listed,
      overdue: local.day <= context.overdueUntil,
      copy,
      processedCurrent: local.record?.size !== undefined && sameObject(local.record, object),
      seriesDone: local.seriesDone,
      deniedBefore: local.record?.problem?.state === 'denied',
      pruned: local.record?.pruned === true,
    };
    const { state, action } = decideDay(facts, context.wishes);
    const adopt = action !== 'fetch' && copy === 'current' ? adoption(local, object) : undefined;
    return [{ ...local, state, action, object, adopt }];
  });
}

/** A day that is no session, and of which there is nothing here: no hole if it is not listed. */
function isOptionalAndUnknown({ day, record, copy }: LocalDay, { calendar }: Dataset): boolean {
  return calendar.isOptional(day) && record === undefined && copy === undefined;
}

function copyState({ copy, record, recorded }: LocalDay, object: ListedObject | undefined): DayFacts['copy'] {
  if (copy === undefined) return 'none';
  if (object === undefined) return 'current';
  if (recorded && record?.size !== undefined) return sameObject(record, object) ? 'current' : 'outdated';
  // Touched since it was written: the time is no longer that of the download, and what was downloaded is not the vendor's any more.
  if (record?.size !== undefined && !sameObject(record, object)) return 'outdated';
  // A copy that we know nothing of: one that is newer than the vendor's file was made from it.
  return object.lastModified === undefined || copy.mtimeMs >= object.lastModified.getTime()
    ? 'current'
    : 'outdated';
}

/** Whether the file that was processed is still the listed one; without a listing nothing speaks against it. */
export function sameObject(record: DayRecord, object: ListedObject | undefined): boolean {
  if (object === undefined) return true;
  if (record.size !== object.size) return false;
  if (record.etag !== undefined && object.etag !== undefined) return record.etag === object.etag;
  return record.last_modified === object.lastModified?.toISOString();
}

function adoption(
  { record, copy, recorded }: LocalDay,
  object: ListedObject | undefined,
): DayRecord | undefined {
  if (copy === undefined || (recorded && (record?.size !== undefined || object === undefined)))
    return undefined;
  const { problem: _problem, ...kept } = record ?? {};
  // What was downloaded is known to the byte: a copy that holds another text is still found by verify.
  if (record?.size !== undefined) return { ...kept, ...objectRecord(object), archive: copy };
  const { rows: _rows, text_sha256: _text, sorted_sha256: _sorted, ...others } = kept;
  return { ...(recorded ? record : others), ...objectRecord(object), archive: copy };
}

/** What a listing says of an object, as a record keeps it. */
export function objectRecord(
  object: Omit<ListedObject, 'key'> | undefined,
): Pick<DayRecord, 'size' | 'etag' | 'last_modified'> {
  if (object === undefined) return {};
  return {
    size: object.size,
    ...(object.etag === undefined ? {} : { etag: object.etag }),
    ...(object.lastModified === undefined ? {} : { last_modified: object.lastModified.toISOString() }),
  };
}

function sameStamp(a: FileStamp, b: FileStamp | undefined): boolean {
  return a.size === b?.size && a.mtimeMs === b.mtimeMs;
}
