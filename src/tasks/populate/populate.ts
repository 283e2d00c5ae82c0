/**
 * populate: brings a range of one dataset's days into the archive and the series. The way of the data is drawn in CONTRIBUTING.md; here its
 * stations stand in a row, and what is decided is decided elsewhere, by pure functions.
 */

import { wayOf } from '#ingest/day/day-way.js';
import { localDays, monthsToList, type PlannedDay, planDays } from '#ingest/plan/plan.js';
import type { Wanted } from '#ingest/plan/wanted.js';
import type { Emit } from '#ingest/run/events.js';
import type { Failure } from '#ingest/run/failure.js';
import { listMonths } from '#ingest/run/list-months.js';
import type { PopulateContext, PopulateRequest } from '#ingest/run/request.js';
import { runPlan } from '#ingest/run/run-plan.js';
import { dropUnkept } from '#ingest/run/unkept-day.js';
import { vendorOf } from '#ingest/run/vendor.js';
import { checkSeries } from '#ingest/series/series-check.js';
import type { SeriesTarget } from '#ingest/series/series-writer.js';
import { openPool } from '#ingest/threads/pool.js';
import { lastOverdueSession } from '#market/calendar/due.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { dayIn } from '#market/calendar/zone.js';
import { type Replacement, replaceFiles } from '#platform/disk/durable.js';
import { isTransient } from '#platform/http/source-error.js';
import { LockedError } from '#platform/lock/locked-error.js';
import { archiveFolder, seriesFolder } from '#store/folder/layout.js';
import { type DataFolder, openDataFolder, tidyUp } from '#store/folder/open.js';
import { acceptedOf, readAccepted } from '#store/ledger/accepted.js';
import { datasetProgress } from '#store/ledger/model.js';
import { applyStep, type Step } from '#store/ledger/steps.js';
import type { ProgressStore } from '#store/ledger/store.js';
import { exitCodeOf } from '#tasks/exit-code.js';
import { outcomeOf } from '#tasks/outcome.js';
import { checkSpace, spaceNeeded } from '#tasks/space-needed.js';
import { findNeverSeen, type NeverSeen, rememberForeign } from './never-seen.js';
import type { DatasetSummary } from './summary.js';
import { newTally } from './tally.js';

export interface PopulateResult {
  readonly exitCode: number;
  readonly summary: DatasetSummary;
  /** What ended the run early, if anything did. */
  readonly failure: Failure | undefined;
}

/**
 * Everything that happens once there is a plan ends in the result. Throws what happens before: LockedError, ProgressFileError (a newer
 * barloom's), the disk's error.
 */
export async function populate(request: PopulateRequest, context: PopulateContext): Promise<PopulateResult> {
  const folder = await openDataFolder({
    layout: request.layout,
    access: request.dryRun ? 'read' : 'write',
    command: request.command ?? 'populate',
    now: context.now,
    breakLock: request.breakLock,
    makesArchive: request.wishes.archive,
  });
  try {
    for (const message of folder.progress.warnings) context.emit({ type: 'note', level: 'warning', message });
    const accepted = acceptedOf(await readAccepted(request.layout.dataDir), request.dataset.name);
    const now = request.dryRun ? undefined : await request.underLock?.(folder.known(request.dataset));
    const { dataset, wishes } = request;
    // Of a dataset whose tickers need not be tracked: once every one is kept, tracking one of them ends nothing.
    const keepsEvery = dataset.untracked === 'every' && folder.known(dataset).everyTicker.length > 0;
    const wanted = wishes.series && keepsEvery ? '*' : (now?.wanted ?? request.wanted);
    const asked = { ...request, wanted };
    const result = await populateDataset(asked, now?.write ?? [], context, folder, accepted);
    // A run that has lost its lock leaves the other's trace alone.
    if (!request.dryRun && !(result.failure?.error instanceof LockedError))
      await context.ended?.(result.exitCode);
    return result;
  } finally {
    await folder.release();
  }
}

async function populateDataset(
  request: PopulateRequest,
  write: readonly Replacement[],
  outer: PopulateContext,
  folder: DataFolder,
  accepted: ReadonlyMap<IsoDay, string>,
): Promise<PopulateResult> {
  const { dataset, layout, range, wishes, dryRun, only } = request;
  const { progress } = folder;
  const tally = newTally();
  const emit: Emit = (event) => {
    tally.hear(event);
    outer.emit(event);
  };
  const context: PopulateContext = { ...outer, emit };
  const { now } = context;
  const wanted: Wanted = wishes.series ? request.wanted : [];
  const days = dataset.calendar
    .daysToAskFor(range.start, range.end)
    .filter((day) => only?.has(day) !== false)
    .reverse();
  const tickers = wishes.series ? (wanted === '*' ? 'all' : wanted.length) : 'none';
  emit({
    type: 'started',
    dataset: dataset.name,
    start: range.start,
    end: range.end,
    sessions: days.filter(dataset.calendar.isSession).length,
    tickers,
  });

  const archive = folder.archive(dataset);
  const known = folder.known(dataset);
  const target: SeriesTarget = {
    folder: seriesFolder(layout, dataset),
    form: dataset.series,
    now,
    known: known.series,
    checkLock: progress.checkLock,
    announce: wishes.archive
      ? undefined
      : (files) => progress.record([{ step: 'series', dataset: dataset.name, files }]),
  };
  const vendor = vendorOf(request, context, progress);
  let plan: readonly PlannedDay[] = [];
  let failure: Failure | undefined;
  let market: ReadonlySet<string> | undefined;
  const pool = openPool(request.workers, wanted);
  let needed = 0;
  try {
    if (!dryRun) await replaceFiles(write);
    await forgetChangedSeries(wanted, request, progress, target, emit);

    const today = dayIn(dataset.publication.timeZone, now);
    const overdueUntil = lastOverdueSession(dataset.calendar, dataset.publication, now);
    const planContext = { dataset, wishes, recheck: request.recheck, today, overdueUntil };
    const local = localDays({
      days,
      known,
      wanted,
      copyOf: archive.stampOf,
      looksWhole: archive.looksWhole,
    });
    const unseen = local.filter(({ record, copy }) => record === undefined && copy === undefined).length;
    // While the vendor lists.
    if (unseen > 0 && !dryRun) pool.warm(wayOf(dataset).threadsFor(unseen, pool.size));
    const listings = await listMonths(monthsToList(local, planContext), dataset, vendor, context);
    failure = listings.failure;
    plan = planDays(local, listings.byMonth, planContext);
    for (const { day, state } of plan) tally.fates.set(day, state === 'done' ? 'unchanged' : state);
    needed = spaceNeeded(plan, request, wanted);
    const count = (action: PlannedDay['action']): number =>
      plan.filter((day) => day.action === action).length;
    if (failure === undefined || count('archive') > 0) {
      emit({
        type: 'planned',
        days: count('fetch') + count('probe') + count('archive'),
        fetch: count('fetch') + count('probe'),
        archive: count('archive'),
        bytes: toFetch(plan),
      });
    }
    await rememberMissing(plan, request, progress);
    for (const { day, state, record } of plan) {
      if (state === 'missing') emit({ type: 'problem', day, state, reason: MISSING });
      if (state === 'denied' && dryRun) {
        emit({ type: 'problem', day, state, reason: record?.problem?.reason ?? 'the keys may not read it' });
      }
    }
    // Without the network, what the archive holds can still be read out of it; any other failure ends the run here.
    if (!dryRun && (failure === undefined || isTransient(failure.error))) {
      await checkSpace(needed, layout);
      const run = await runPlan(
        failure === undefined ? plan : plan.filter(({ action }) => action === 'archive'),
        {
          request,
          wanted,
          context,
          archive,
          progress,
          known,
          target,
          vendor,
          pool,
          listings: listings.byMonth,
        },
      );
      failure ??= run.failure;
      market = run.market;
      if (failure === undefined) await dropUnkept(request);
    }
    // Days that were worked through and not committed any more take room and have no name.
    const stopped = failure !== undefined || context.signal.aborted;
    if (!dryRun && stopped && !isLocked(failure)) await tidyUp(layout, dataset, folder.holdsArchive);
  } catch (error) {
    failure ??= { error };
  }
  vendor.close();
  await pool.close();
  const neverSeen: NeverSeen = dryRun
    ? { tickers: [], suggestions: {} }
    : // A run that looked at nothing has nothing new to suggest from, and opens no day for it.
      await findNeverSeen(
        wanted,
        known,
        plan.some(({ action }) => action !== 'none') ? days : [],
        archive,
        market,
      );
  try {
    if (!dryRun) {
      await rememberForeign(wanted, known, target, progress, dataset.name);
      await folder.save();
    }
  } catch (error) {
    // A run that has lost its lock may have failed over files that another one cleared away.
    if (failure === undefined || error instanceof LockedError) failure = { error };
  }
  const counted = tally.counted(accepted);
  const wire = context.wire();
  const summary: DatasetSummary = {
    dataset: dataset.name,
    range: { start: range.start, end: range.end },
    ...counted,
    tickers: {
      tracked: wanted === '*' ? null : wanted.length,
      never_seen: neverSeen.tickers,
      suggestions: neverSeen.suggestions,
    },
    requests: { list: wire.list, get: wire.get, retried: wire.retried },
    bytes: { downloaded: wire.bytes, to_fetch: toFetch(plan), needed },
    folders: { series: target.folder, archive: archiveFolder(layout, dataset) },
  };
  const outcome = outcomeOf(failure, counted.days, counted.accepted, context.signal);
  return { exitCode: dryRun && failure === undefined ? 0 : exitCodeOf(outcome), summary, failure };
}

/** Whether somebody else writes in the folder by now. */
function isLocked(failure: Failure | undefined): boolean {
  return failure?.error instanceof LockedError;
}

const MISSING = 'overdue, and the vendor does not list it';

/** So that a hole that the vendor has too is told from a day that nobody asked for. */
async function rememberMissing(
  plan: readonly PlannedDay[],
  { dataset, dryRun }: PopulateRequest,
  progress: ProgressStore,
): Promise<void> {
  const news = plan.filter(
    ({ state, record }) => state === 'missing' && record?.problem?.state !== 'missing',
  );
  if (dryRun || news.length === 0) return;
  await progress.record(
    news.map(({ day, record }) => {
      const problem = { state: 'missing', reason: MISSING } as const;
      return { step: 'day', dataset: dataset.name, day, record: { ...record, problem } };
    }),
  );
}

function toFetch(plan: readonly PlannedDay[]): number {
  return plan.reduce((sum, { action, object }) => sum + (action === 'fetch' ? (object?.size ?? 0) : 0), 0);
}

async function forgetChangedSeries(
  wanted: Wanted,
  { dataset, dryRun }: PopulateRequest,
  progress: ProgressStore,
  target: SeriesTarget,
  emit: Emit,
): Promise<void> {
  const check = await checkSeries(wanted, datasetProgress(progress.progress, dataset.name), target, dryRun);
  for (const message of check.notes) emit({ type: 'note', level: 'warning', message });
  const steps: Step[] = [];
  if (check.forget.length > 0) steps.push({ step: 'forget', dataset: dataset.name, tickers: check.forget });
  if (Object.keys(check.finished).length > 0) {
    steps.push({ step: 'series', dataset: dataset.name, files: check.finished });
  }
  if (steps.length === 0) return;
  if (dryRun) for (const step of steps) applyStep(progress.progress, step, () => dataset.calendar);
  else await progress.record(steps);
}
