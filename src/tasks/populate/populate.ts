/**
 * populate: brings a range of one dataset's days into the archive and the series. The way of the data is
 * drawn in CONTRIBUTING.md; here its stations stand in a row, and what is decided is decided elsewhere, by
 * pure functions.
 */

import type { Failure } from '#ingest/run/failure.js';
import type { PopulateContext, PopulateRequest } from '#ingest/run/request.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { type Replacement, replaceFiles } from '#platform/disk/durable.js';
import { LockedError } from '#platform/lock/locked-error.js';
import { openDataFolder } from '#store/folder/open.js';
import { acceptedOf, readAccepted } from '#store/ledger/accepted.js';
import { exitCodeOf } from '#tasks/exit-code.js';
import { checkArchiveThere } from './archive-there.js';
import { carryOut, clearUnfinished } from './carry-out.js';
import { forgetChangedSeries } from './forget-changed.js';
import { makePlan, NO_PLAN } from './make-plan.js';
import { findNeverSeen, NONE_UNSEEN, rememberForeign } from './never-seen.js';
import { outcomeOf } from './outcome.js';
import { newParts, type PopulateParts } from './parts.js';
import { reportPlan } from './report-plan.js';
import type { DatasetSummary } from './summary.js';
import { summaryOf } from './summary-of.js';
import { newTally, type Tally } from './tally.js';

export interface PopulateResult {
  readonly exitCode: number;
  readonly summary: DatasetSummary;
  /** What ended the run early, if anything did. */
  readonly failure: Failure | undefined;
}

/**
 * Everything that happens once there is a plan ends in the result. Throws what happens before: LockedError,
 * OtherSourceError, ArchiveGoneError, ProgressFileError (a newer barloom's), the disk's error.
 */
export async function populate(request: PopulateRequest, context: PopulateContext): Promise<PopulateResult> {
  const { dataset, layout, wishes, dryRun } = request;
  const folder = await openDataFolder({
    layout,
    access: dryRun ? 'read' : 'write',
    command: request.command ?? 'populate',
    now: context.now,
    breakLock: request.breakLock,
    waitLock: request.waitLock,
    makesArchive: wishes.archive,
    adoptSource: request.adoptSource,
  });
  try {
    for (const message of folder.progress.warnings) context.emit({ type: 'note', level: 'warning', message });
    if (wishes.archive && !request.archiveMayBeGone) checkArchiveThere(folder);
    const accepted = acceptedOf(await readAccepted(layout.dataDir), dataset.name);
    const known = folder.known(dataset);
    const now = dryRun ? undefined : await request.underLock?.(known);
    // Of a dataset whose tickers need not be tracked: once every one is kept, tracking one of them ends
    // nothing.
    const keepsEvery = dataset.untracked === 'every' && known.everyTicker.length > 0;
    const wanted = wishes.series && keepsEvery ? '*' : (now?.wanted ?? request.wanted);
    const tally = newTally(dataset.calendar.isSession);
    const counting = withTally(context, tally);
    const parts = newParts({ ...request, wanted }, counting, folder);
    const result = await populateDataset(parts, { tally, accepted, write: now?.write ?? [] });
    // A run that has lost its lock leaves the other's trace alone.
    if (!dryRun && !(result.failure?.error instanceof LockedError)) await context.ended?.(result.exitCode);
    return result;
  } finally {
    await folder.release();
  }
}

function withTally(context: PopulateContext, tally: Tally): PopulateContext {
  return {
    ...context,
    emit: (event) => {
      tally.hear(event);
      context.emit(event);
    },
  };
}

interface Beside {
  readonly tally: Tally;
  /** Holes that the user accepted, with the reasons. */
  readonly accepted: ReadonlyMap<IsoDay, string>;
  /** Text files of the user's that change with this run. */
  readonly write: readonly Replacement[];
}

async function populateDataset(
  parts: PopulateParts,
  { tally, accepted, write }: Beside,
): Promise<PopulateResult> {
  const { request, context, vendor, pool } = parts;
  const { dryRun } = request;
  let plan = NO_PLAN;
  let failure: Failure | undefined;
  let market: ReadonlySet<string> | undefined;
  reportStart(parts);
  try {
    if (!dryRun) await replaceFiles(write);
    await forgetChangedSeries(parts);
    plan = await makePlan(parts);
    failure = plan.failure;
    for (const { day, state } of plan.days) tally.fates.set(day, state === 'done' ? 'unchanged' : state);
    await reportPlan(plan, parts);
    if (!dryRun) {
      ({ failure, market } = await carryOut(plan, parts));
      await clearUnfinished(failure, parts);
    }
  } catch (error) {
    failure ??= { error };
  }
  vendor.close();
  await pool.close();
  const neverSeen = dryRun ? NONE_UNSEEN : await findNeverSeen(parts, plan.days, market);
  if (!dryRun) failure = await save(parts, failure);
  const summary = summaryOf(tally.counted(accepted), plan, neverSeen, parts);
  const outcome = outcomeOf(failure, summary, context.signal);
  return { exitCode: dryRun && failure === undefined ? 0 : exitCodeOf(outcome), summary, failure };
}

/** Also after a failure, which then is the one that counts. */
async function save(parts: PopulateParts, failure: Failure | undefined): Promise<Failure | undefined> {
  try {
    await rememberForeign(parts);
    await parts.folder.save();
    return failure;
  } catch (error) {
    // A run that has lost its lock may have failed over files that another one cleared away.
    return failure === undefined || error instanceof LockedError ? { error } : failure;
  }
}

function reportStart({ request, context, wanted, days }: PopulateParts): void {
  const { dataset, range, wishes } = request;
  context.emit({
    type: 'started',
    dataset: dataset.name,
    start: range.start,
    end: range.end,
    sessions: days.filter(dataset.calendar.isSession).length,
    tickers: wishes.series ? (wanted === '*' ? 'all' : wanted.length) : 'none',
  });
}
