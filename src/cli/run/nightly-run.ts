/**
 * nightly's own work, which weekly begins with: each dataset that the folder holds is brought up to date, one
 * after another.
 */

import { keptUpDatasets } from '#cli/options/kept-up-datasets.js';
import { trackedUnderLock } from '#cli/options/tracked-tickers.js';
import { nightLine } from '#cli/output/nightly-text.js';
import { counted } from '#cli/output/quantities.js';
import { safeText } from '#cli/output/safe-text.js';
import { UsageError } from '#cli/usage-error.js';
import type { PopulateRequest } from '#ingest/run/request.js';
import { checkSeries } from '#ingest/series/series-check.js';
import { seriesTarget } from '#ingest/series/series-target.js';
import { lastOverdueSession } from '#market/calendar/due.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { type FolderLayout, folderLayout } from '#store/folder/layout.js';
import { type DataFolder, knownTo, withDataFolder } from '#store/folder/open.js';
import { acceptedOf, readAccepted } from '#store/ledger/accepted.js';
import { applyStep } from '#store/ledger/steps.js';
import { readAllTracked, trackedIn } from '#store/lists/all-tracked.js';
import { EXIT, endsTheNight, mostSevere } from '#tasks/exit-code.js';
import { type Lag, lagOf, lookBack, type NightPlan, newestOf } from '#tasks/nightly/look-back.js';
import type { DatasetSummary } from '#tasks/populate/summary.js';
import { trackedOrEvery } from '#tasks/series/tracked-or-every.js';
import { openConnection } from './connection.js';
import { populateRequest } from './populate-request.js';
import { type PopulateEnded, populateRun } from './populate-run.js';
import { complain, failedWork, maxLagOf, type Unattended } from './unattended.js';

export interface NightOfDataset {
  readonly planned: Planned;
  readonly exitCode: number;
  readonly message: string | undefined;
  /** Undefined where it ended before there was a plan. */
  readonly line: string | undefined;
  readonly document: Readonly<Record<string, unknown>> | undefined;
}

/**
 * nightly's own work: each dataset brought up to date, one after another. Throws UsageError, or what opening
 * the folder throws.
 */
export async function keepUp(tools: Unattended): Promise<readonly NightOfDataset[]> {
  const plans = await planNights(tools);
  const nights: NightOfDataset[] = [];
  for (const plan of plans) {
    nights.push(await oneNight(plan, plans.length > 1, tools));
    if (endsTheNight(nights.at(-1)?.exitCode ?? 0)) break;
  }
  return nights;
}

export interface Planned {
  readonly dataset: Dataset;
  readonly plan: NightPlan;
  readonly accepted: ReadonlyMap<IsoDay, string>;
  /** The tickers of the user's lists. */
  readonly tracked: readonly string[];
  readonly lists: NonNullable<PopulateRequest['lists']>;
}

async function planNights({ command, invocation, context }: Unattended): Promise<readonly Planned[]> {
  const { settings, layout, now, adoptSource } = context;
  const lists = await readAllTracked(
    layout.dataDir,
    settings.texts('tickerFiles'),
    invocation.environment.cwd,
  );
  const holes = await readAccepted(layout.dataDir);
  const named = keptUpDatasets(invocation, context);
  return withDataFolder({ layout, access: 'read', command, now, adoptSource }, async (folder) => {
    const planned: Planned[] = [];
    for (const dataset of named ?? knownTo(folder.progress)) {
      const archive = folder.archive(dataset);
      const own = trackedIn(dataset, lists);
      const tracked = own.tickers;
      const [oldest] = archive.days();
      if (oldest !== undefined && oldest > now.toISOString().slice(0, 10)) throw wrongClock(oldest, now);
      await forgetChanged(folder, dataset, tracked, now);
      const accepted = acceptedOf(holes, dataset.name);
      const plan = lookBack({
        dataset,
        known: folder.known(dataset),
        archived: archive.days(),
        copyOf: archive.stampOf,
        looksWhole: archive.looksWhole,
        accepted,
        tracked: trackedOrEvery(folder, dataset, tracked),
        now,
      });
      if (plan !== undefined) planned.push({ dataset, plan, accepted, tracked, lists: own.lists });
      else if (named !== undefined) throw noDay(dataset.name, layout);
    }
    if (planned.length === 0) throw noDay(undefined, layout);
    return planned;
  });
}

/**
 * As populate will: a series file that is not as it was recorded (a run was killed before it could, or
 * somebody changed it) is looked at again on all days, also those that this night would not look back at.
 * Only in memory.
 */
async function forgetChanged(
  folder: DataFolder,
  dataset: Dataset,
  tracked: readonly string[],
  now: Date,
): Promise<void> {
  const known = folder.known(dataset);
  const target = seriesTarget(folder, dataset, now);
  const wanted = known.everyTicker.length > 0 ? '*' : tracked;
  const { forget } = await checkSeries(wanted, known, target, true);
  const step = { step: 'forget', dataset: dataset.name, tickers: forget } as const;
  if (forget.length > 0) applyStep(folder.progress.progress, step, () => dataset.calendar);
}

function wrongClock(oldest: IsoDay, now: Date): UsageError {
  return new UsageError(
    `The clock of this machine says ${now.toISOString().slice(0, 16).replace('T', ' ')} UTC, which is before the oldest day here, ${oldest}: set it right.`,
  );
}

function noDay(dataset: string | undefined, { dataDir, archiveDir }: FolderLayout): UsageError {
  const [what, option] = dataset === undefined ? ['day', ''] : [`day of ${dataset}`, ` -t ${dataset}`];
  const elsewhere =
    archiveDir === folderLayout(dataDir).archiveDir ? '' : ` or ${archiveDir} (is it mounted?)`;
  return new UsageError(
    `There is no ${what} in ${dataDir}${elsewhere} yet: run barloom populate${option} --months 1 first; ` +
      'nightly only keeps up what is there.',
  );
}

async function oneNight(planned: Planned, several: boolean, tools: Unattended): Promise<NightOfDataset> {
  const { command, invocation, context } = tools;
  const { dataset, plan, accepted } = planned;
  const { environment } = invocation;
  const begun = environment.clock();
  try {
    const { exitCode, summary, failure, message, downloaded } = await fetchDays(planned, plan, tools);
    const newest = newestOf([...plan.here, ...downloaded]) ?? plan.range.start;
    const lag = lagOf(newest, { dataset, accepted, now: context.now });
    const maxLag = maxLagOf(context.settings);
    const behind = maxLag !== undefined && lag.sessions > maxLag;
    if (behind) complain(lagText(lag, maxLag), tools);
    for (const { file, reason } of summary.tickers.unusable_lists)
      complain(safeText(`${file} ${reason}`), tools);
    const code = behind ? mostSevere([exitCode, EXIT.incomplete]) : exitCode;
    const line = nightLine({
      command,
      dataset: several ? dataset.name : undefined,
      holes: openHoles(summary),
      added: [...downloaded].filter((day) => !plan.here.has(day)).sort(),
      leftOut: leftOutOn(newest, summary, planned),
      replaced: summary.replaced.map(({ day }) => day),
      fromArchive: summary.days.from_archive,
      fetchedAgain: fetchedAgain(plan.here, downloaded, summary),
      newest,
      late: lateDay(lag, dataset, context.now),
      tooFarBehind: behind ? lag.sessions : undefined,
      ended: failure !== undefined || environment.signal.aborted,
      exitCode: code,
      tickers: summary.tickers.tracked ?? 'all',
      neverSeen: summary.tickers.never_seen.map((ticker) => ({
        ticker,
        meant: summary.tickers.suggestions[ticker],
      })),
      seconds: (environment.clock() - begun) / 1000,
    });
    return {
      planned,
      exitCode: code,
      message,
      line,
      document: { ...summary, lag: { ...lag, max: maxLag ?? null } },
    };
  } catch (error) {
    return { planned, ...failedWork(error, tools), line: undefined, document: undefined };
  }
}

function fetchedAgain(
  here: ReadonlySet<IsoDay>,
  downloaded: ReadonlySet<IsoDay>,
  { replaced }: DatasetSummary,
): number {
  const anew = new Set(replaced.map(({ day }) => day));
  return [...downloaded].filter((day) => here.has(day) && !anew.has(day)).length;
}

/** One call of populate for these days. Throws what populate throws before there is a plan. */
export async function fetchDays(
  { dataset, plan, accepted, lists }: Planned,
  { range, only }: Pick<NightPlan, 'range' | 'only'>,
  { command, invocation, context, log }: Unattended,
): Promise<PopulateEnded & { readonly downloaded: ReadonlySet<IsoDay> }> {
  const { environment } = invocation;
  const connection = await openConnection(context, invocation);
  const tools = { context, connection, environment };
  const request = populateRequest(
    {
      command,
      dataset,
      range,
      only,
      wanted: plan.wanted,
      lists,
      wishes: {
        archive: context.settings.switch('saveOthers', plan.archive),
        series: plan.series,
        force: false,
      },
      underLock: trackedUnderLock(dataset, 'kept', context, environment),
    },
    invocation.flags,
    tools,
  );
  const downloaded = new Set<IsoDay>();
  const ended = await populateRun(request, {
    ...tools,
    logFile: {
      ...log,
      hear: (event) => {
        if (event.type === 'day' && event.source !== 'archive') downloaded.add(event.day);
        log.hear(event);
      },
    },
    // Holes that the user accepted are no news; the log and the JSON document have them.
    reports: (event) => context.json || event.type !== 'problem' || !accepted.has(event.day),
  });
  return { ...ended, downloaded };
}

/** Due, not there, and not overdue. */
function lateDay({ due, newest }: Lag, { calendar, publication }: Dataset, now: Date): IsoDay | undefined {
  return due > newest && due > lastOverdueSession(calendar, publication, now) ? due : undefined;
}

/** Of the tickers that are wanted. */
function leftOutOn(
  newest: IsoDay,
  { left_out: all }: DatasetSummary,
  { plan: { wanted } }: Planned,
): readonly string[] {
  const tickers = all.flatMap(({ day, ticker }) => (day === newest ? [ticker] : []));
  const isWanted = (ticker: string): boolean => wanted === '*' || wanted.includes(ticker);
  return [...new Set(tickers)].filter(isWanted).map(safeText);
}

function openHoles({ problems, accepted }: DatasetSummary): DatasetSummary['problems'] {
  const spared = new Set(accepted.map(({ day }) => day));
  return problems.filter(
    ({ day, state }) => !spared.has(day) && (state === 'missing' || state === 'denied' || state === 'failed'),
  );
}

function lagText({ newest, due, sessions }: Lag, max: number): string {
  return (
    `the newest day here, ${newest}, is ${counted(sessions, 'session')} behind the last that is due, ${due}; ` +
    `--max-lag allows ${max}`
  );
}
