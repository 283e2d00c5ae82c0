/** The plan carried out, as far as its listing allows, and what a run leaves unfinished cleared away. */
import type { Failure } from '#ingest/run/failure.js';
import { type RunEnd, runPlan } from '#ingest/run/run-plan.js';
import { dropUnkept } from '#ingest/run/unkept-day.js';
import { isTransient } from '#platform/http/source-error.js';
import { LockedError } from '#platform/lock/locked-error.js';
import { tidyUp } from '#store/folder/open.js';
import { checkSpace } from '#tasks/space-needed.js';
import type { MadePlan } from './make-plan.js';
import type { PopulateParts } from './parts.js';

/**
 * Without the network, what the archive holds can still be read out of it; any other failure ends the run
 * here. Throws DiskSpaceError, or the disk's error.
 */
export async function carryOut(plan: MadePlan, parts: PopulateParts): Promise<RunEnd> {
  const { days, listings, needed, failure } = plan;
  const { request } = parts;
  if (failure !== undefined && !isTransient(failure.error)) return { failure, market: undefined };
  await checkSpace(needed, request.layout);
  const allowed = failure === undefined ? days : days.filter(({ action }) => action === 'archive');
  const run = await runPlan(allowed, { ...parts, listings });
  const end = { ...run, failure: failure ?? run.failure };
  if (end.failure === undefined) await dropUnkept(request);
  return end;
}

/** Days that were worked through and not committed any more take room and have no name. */
export async function clearUnfinished(
  failure: Failure | undefined,
  { request, context, folder }: PopulateParts,
): Promise<void> {
  const isStopped = failure !== undefined || context.signal.aborted;
  // Somebody else writes in the folder by now.
  if (!isStopped || failure?.error instanceof LockedError) return;
  await tidyUp(request.layout, request.dataset, folder.holdsArchive);
}
