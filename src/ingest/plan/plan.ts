/**
 * The plan: which days are missing, and how each is to be had. Pure: from what is known here follows which
 * months have to be listed; then, with the listings, the state and action of every session, and of every
 * other day of which there is a file.
 */

import { type IsoDay, monthOf } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import type { ListedObject } from '#platform/s3/port.js';
import type { DayRecord } from '#store/ledger/model.js';
import { type DayAction, type DayFacts, type DayState, type DayWishes, decideDay } from './day-state.js';
import type { LocalDay } from './local-days.js';
import { objectRecord, sameObject } from './vendor-object.js';

export interface PlannedDay extends LocalDay {
  readonly state: DayState;
  readonly action: DayAction;
  readonly object: ListedObject | undefined;
  /** The record to make of a copy that progress.json does not know, or not with what the listing says. */
  readonly adopt: DayRecord | undefined;
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
  const withSession = new Set(
    days.filter(({ day }) => context.dataset.calendar.isSession(day)).map(({ day }) => monthOf(day)),
  );
  for (const local of days) {
    const month = monthOf(local.day);
    // Asked for by name: a holiday, a weekend.
    const isNamed = !withSession.has(month) && isUnknownExtra(local, context.dataset);
    if (local.day <= context.today && (isNamed || needsListing(local, context, settled))) months.add(month);
  }
  return [...months].sort().reverse();
}

/** The last session that is not expected to be replaced any more: ten sessions back. */
export function settledUntil({ dataset, today }: Pick<PlanContext, 'dataset' | 'today'>): IsoDay {
  return dataset.calendar.previous(today, 10);
}

function needsListing(local: LocalDay, { dataset, wishes, recheck }: PlanContext, settled: IsoDay): boolean {
  if (wishes.force || recheck) return true;
  // Whether there is one shows where its month is listed for a session.
  if (isUnknownExtra(local, dataset)) return false;
  if (local.record?.pruned === true && wishes.pruned !== true) return false;
  if (local.day > settled) return true;
  if (wishes.archive && !local.recorded) return true;
  return wishes.series && !local.seriesDone && !local.recorded;
}

/**
 * `listings`: by month, the objects by day; a month that is not in it was not listed. Newest first, like the
 * days of the result; of days that are no sessions only those of which there is something.
 */
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
    if (object === undefined && isUnknownExtra(local, context.dataset)) return [];
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
    // Nobody expects it.
    const isAbsent = state === 'missing' || state === 'pending';
    if (isAbsent && !context.dataset.calendar.isSession(local.day)) return [];
    const adopt = action !== 'fetch' && copy === 'current' ? adoption(local, object) : undefined;
    return [{ ...local, state, action, object, adopt }];
  });
}

/** A day that is no session, and of which there is nothing here: no hole if it is not listed. */
function isUnknownExtra({ day, record, copy }: LocalDay, { calendar }: Dataset): boolean {
  return !calendar.isSession(day) && record === undefined && copy === undefined;
}

function copyState({ copy, record, recorded }: LocalDay, object: ListedObject | undefined): DayFacts['copy'] {
  if (copy === undefined) return 'none';
  if (object === undefined) return 'current';
  if (recorded && record?.size !== undefined) return sameObject(record, object) ? 'current' : 'outdated';
  // Touched since it was written: the time is no longer that of the download, and what was downloaded is not
  // the vendor's any more.
  if (record?.size !== undefined && !sameObject(record, object)) return 'outdated';
  // A copy that we know nothing of: one that is newer than the vendor's file was made from it.
  return object.lastModified === undefined || copy.mtimeMs >= object.lastModified.getTime()
    ? 'current'
    : 'outdated';
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
