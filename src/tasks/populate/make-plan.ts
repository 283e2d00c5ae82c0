/** From what the disk and progress.json say, through the vendor's listings, to the plan. */
import { wayOf } from '#ingest/day/day-way.js';
import { localDays } from '#ingest/plan/local-days.js';
import { monthsToList, type PlannedDay, planDays } from '#ingest/plan/plan.js';
import type { Failure } from '#ingest/run/failure.js';
import { type Listings, listMonths } from '#ingest/run/list-months.js';
import { lastOverdueSession } from '#market/calendar/due.js';
import { dayIn } from '#market/calendar/zone.js';
import { spaceNeeded } from '#tasks/space-needed.js';
import type { PopulateParts } from './parts.js';

export interface MadePlan {
  /** Newest first. */
  readonly days: readonly PlannedDay[];
  readonly listings: Listings;
  /** Disk space that it takes, estimated, bytes. */
  readonly needed: number;
  /** Why not all could be listed, where it could not. */
  readonly failure: Failure | undefined;
}

export const NO_PLAN: MadePlan = { days: [], listings: new Map(), needed: 0, failure: undefined };

export async function makePlan(parts: PopulateParts): Promise<MadePlan> {
  const { request, context, wanted, days, known, archive, vendor, pool } = parts;
  const { dataset, wishes, recheck, dryRun } = request;
  const { calendar, publication } = dataset;
  const planContext = {
    dataset,
    wishes,
    recheck,
    today: dayIn(publication.timeZone, context.now),
    overdueUntil: lastOverdueSession(calendar, publication, context.now),
  };
  const { stampOf: copyOf, looksWhole } = archive;
  const local = localDays({ days, isSession: calendar.isSession, known, wanted, copyOf, looksWhole });
  const unseen = local.filter(
    ({ day, record, copy }) => record === undefined && copy === undefined && calendar.isSession(day),
  ).length;
  // While the vendor lists.
  if (unseen > 0 && !dryRun) pool.warm(wayOf(dataset).threadsFor(unseen, pool.size));
  const months = monthsToList(local, planContext);
  const { byMonth, failure } = await listMonths(months, dataset, vendor, context);
  const planned = planDays(local, byMonth, planContext);
  return { days: planned, listings: byMonth, needed: spaceNeeded(planned, request, wanted), failure };
}

/** Compressed bytes that the plan downloads, where it is known. */
export function bytesToFetch(plan: readonly PlannedDay[]): number {
  return plan.reduce((sum, { action, object }) => sum + (action === 'fetch' ? (object?.size ?? 0) : 0), 0);
}
