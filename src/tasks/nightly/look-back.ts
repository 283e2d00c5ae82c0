/**
 * What a night asks for: which sessions, which tickers, which tiers. A pure function of what the folder
 * holds, so that cron needs no options.
 */

import { localDays } from '#ingest/plan/local-days.js';
import { settledUntil } from '#ingest/plan/plan.js';
import type { Wanted } from '#ingest/plan/wanted.js';
import { lastDueSession } from '#market/calendar/due.js';
import { addDays, type IsoDay } from '#market/calendar/iso-day.js';
import { everyDayOf } from '#market/calendar/sessions.js';
import { dayIn } from '#market/calendar/zone.js';
import type { Dataset } from '#market/datasets/dataset.js';
import type { DayRecord } from '#store/ledger/model.js';
import { type CoverFacts, type CoverState, coverDays, coveredRange } from '#tasks/coverage/cover.js';

/** How far back open holes are asked for every night, in sessions; `weekly` asks for the older ones. */
export const HOLES_BACK = 30;

export interface NightFacts extends CoverFacts {
  readonly looksWhole: (day: IsoDay) => boolean;
  readonly tracked: Wanted;
}

export interface NightPlan {
  readonly range: { readonly start: IsoDay; readonly end: IsoDay };
  /** Of the range only these: the last days, and older ones that lack tracked tickers' rows. */
  readonly only: ReadonlySet<IsoDay>;
  readonly wanted: Wanted;
  readonly series: boolean;
  /** Whether the folder keeps an archive, as far as it shows. */
  readonly archive: boolean;
  /** The sessions that were here before, of the whole folder. */
  readonly here: ReadonlySet<IsoDay>;
}

/**
 * The last sessions begin with the earliest of: the oldest that is not settled; the one after the newest day
 * here, so that a machine that was off catches up; the oldest open hole of the last 30 sessions. Never before
 * the folder's first day. They end today: a file that is there before its hour is welcome. Undefined where
 * the folder has no day yet.
 */
export function lookBack(facts: NightFacts): NightPlan | undefined {
  const { dataset, known, archived, accepted, now } = facts;
  const covered = coveredRange(facts);
  if (covered === undefined) return undefined;
  const today = dayIn(dataset.publication.timeZone, now);
  const days = coverDays(covered.start, today, facts);
  const here = new Set(days.flatMap(({ day, state }) => (state === 'done' ? [day] : [])));
  const newest = newestOf(here);
  if (newest === undefined) return undefined;
  const holesFrom = dataset.calendar.previous(today, HOLES_BACK - 1);
  const hole = days.find(
    ({ day, state }) => day >= holesFrom && isWorthAsking(state) && !accepted.has(day),
  )?.day;
  const unsettled = addDays(settledUntil({ dataset, today }), 1);
  const earliest = [unsettled, addDays(newest, 1), ...(hole === undefined ? [] : [hole])].sort()[0];
  const start = earliest === undefined || earliest < covered.start ? covered.start : earliest;
  const wanted = wantedOf(facts);
  const series = wanted.length > 0;
  const only = [...(series ? daysThatLackRows(facts, wanted, start) : []), ...everyDayOf(start, today)];
  return {
    range: { start: only[0] ?? start, end: today },
    only: new Set(only),
    wanted,
    series,
    archive: archived.length > 0 || ![...known.days.values()].some(isProcessedWithoutArchive),
    here,
  };
}

/** Holes that the vendor may fill. Denied days are a matter of the plan, pruned ones of the user. */
function isWorthAsking(state: CoverState): boolean {
  return state === 'missing' || state === 'failed' || state === 'available' || state === 'never-asked';
}

/** Every ticker where the folder was once filled so; else those that are tracked. */
function wantedOf({ known, tracked }: NightFacts): Wanted {
  return known.everyTicker.length > 0 ? '*' : tracked;
}

/**
 * Settled days in the archive out of which wanted tickers were never read: a ticker that came into a list
 * since. Costs no download.
 */
function daysThatLackRows(facts: NightFacts, wanted: Wanted, before: IsoDay): readonly IsoDay[] {
  const { archived, known, copyOf, looksWhole } = facts;
  const from = wanted === '*' ? (known.everyTicker[0]?.[0] ?? before) : '';
  const days = archived.filter((day) => day >= from && day < before && known.days.has(day));
  const { isSession } = facts.dataset.calendar;
  return localDays({ days, isSession, known, wanted, copyOf, looksWhole })
    .filter(({ recorded, seriesDone }) => recorded && !seriesDone)
    .map(({ day }) => day);
}

function isProcessedWithoutArchive(record: DayRecord): boolean {
  return record.size !== undefined && record.archive === undefined;
}

export function newestOf(days: Iterable<IsoDay>): IsoDay | undefined {
  let newest: IsoDay | undefined;
  for (const day of days) if (newest === undefined || day > newest) newest = day;
  return newest;
}

export interface Lag {
  readonly newest: IsoDay;
  /** The last session that is due. */
  readonly due: IsoDay;
  /** Sessions that are due and newer than the newest here; accepted holes are not counted. */
  readonly sessions: number;
}

export function lagOf(
  newest: IsoDay,
  { dataset, accepted, now }: { readonly dataset: Dataset } & Pick<NightFacts, 'accepted' | 'now'>,
): Lag {
  const due = lastDueSession(dataset.calendar, dataset.publication, now);
  const behind = dataset.calendar.sessions(addDays(newest, 1), due).filter((day) => !accepted.has(day));
  return { newest, due, sessions: behind.length };
}
