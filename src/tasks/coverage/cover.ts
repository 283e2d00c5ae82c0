/**
 * What a data folder covers: the state of each session of a range as far as the folder itself shows, without
 * asking the vendor. Pure. It is what status, gaps and backfill agree on.
 */

import type { DayState } from '#ingest/plan/day-state.js';
import { lastDueSession, lastOverdueSession } from '#market/calendar/due.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { everyDayOf } from '#market/calendar/sessions.js';
import type { Dataset } from '#market/datasets/dataset.js';
import type { FileStamp } from '#platform/disk/durable.js';
import type { DatasetProgress } from '#store/ledger/model.js';

/** `never-asked`: overdue, and nothing is recorded of it. `available`: it was here, and its file is gone. */
export type CoverState = DayState | 'never-asked';

/** What a session can be that should be here and is not. */
export type HoleState = Exclude<CoverState, 'done' | 'pending'>;

export interface CoveredDay {
  readonly day: IsoDay;
  /** Whether it is no session, and the vendor had a file of it all the same. */
  readonly extra: boolean;
  readonly state: CoverState;
  /** Why it is not done; '' where it is. */
  readonly reason: string;
  /** Why the user accepted the hole, where they did. */
  readonly accepted: string | undefined;
  /** Our copy, where there is one. */
  readonly copy: FileStamp | undefined;
}

export interface CoverFacts {
  readonly dataset: Dataset;
  readonly known: DatasetProgress;
  /** The days that the archive folder holds, ascending. */
  readonly archived: readonly IsoDay[];
  readonly copyOf: (day: IsoDay) => FileStamp | undefined;
  readonly accepted: ReadonlyMap<IsoDay, string>;
  readonly now: Date;
}

/**
 * From the first day that the folder knows to the last session that is due; undefined where it knows none.
 */
export function coveredRange({
  dataset,
  known,
  archived,
  now,
}: Pick<CoverFacts, 'dataset' | 'known' | 'archived' | 'now'>):
  | { readonly start: IsoDay; readonly end: IsoDay }
  | undefined {
  let start = archived[0];
  for (const day of known.days.keys()) if (start === undefined || day < start) start = day;
  if (start === undefined) return undefined;
  const due = lastDueSession(dataset.calendar, dataset.publication, now);
  return { start, end: due < start ? start : due };
}

/** Every session from `start` to `end`, and the extra days of which there is something here; ascending. */
export function coverDays(start: IsoDay, end: IsoDay, facts: CoverFacts): readonly CoveredDay[] {
  const { dataset, known, copyOf, accepted, now } = facts;
  const archived = new Set(facts.archived);
  const overdueUntil = lastOverdueSession(dataset.calendar, dataset.publication, now);
  const { calendar } = dataset;
  return everyDayOf(start, end)
    .filter((day) => calendar.isSession(day) || archived.has(day) || known.days.has(day))
    .map((day) => {
      const copy = archived.has(day) ? copyOf(day) : undefined;
      const extra = !calendar.isSession(day);
      return { day, extra, ...stateOf(day, copy, known, overdueUntil), accepted: accepted.get(day), copy };
    });
}

/**
 * | copy | record                            | overdue | state           |
 * |------|-----------------------------------|---------|-----------------|
 * | any  | pruned                            |         | pruned          |
 * | yes  |                                   |         | done            |
 * | no   | denied, failed or missing         |         | as recorded     |
 * | no   | processed without an archive      |         | done            |
 * | no   | processed, with a copy that is gone |       | available       |
 * | no   | none                              | yes     | never-asked     |
 * | no   | none                              | no      | pending         |
 */
function stateOf(
  day: IsoDay,
  copy: FileStamp | undefined,
  known: DatasetProgress,
  overdueUntil: IsoDay,
): { readonly state: CoverState; readonly reason: string } {
  const record = known.days.get(day);
  if (record?.pruned === true) return { state: 'pruned', reason: 'removed here on purpose' };
  if (copy !== undefined) return { state: 'done', reason: '' };
  if (record?.problem !== undefined) return record.problem;
  if (record?.archive !== undefined)
    return { state: 'available', reason: 'it was here, and its file is gone' };
  if (record?.size !== undefined) return { state: 'done', reason: '' };
  if (day <= overdueUntil) return { state: 'never-asked', reason: 'nothing is recorded of it' };
  return { state: 'pending', reason: 'not published yet' };
}

/** Whether a day is a hole: asked for or not, it should be here and is not. Accepted ones are holes too. */
export function isHole<Day extends Pick<CoveredDay, 'state'>>(
  day: Day,
): day is Day & { readonly state: HoleState } {
  return day.state !== 'done' && day.state !== 'pending';
}
