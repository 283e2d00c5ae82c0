/**
 * `barloom sync`: each dataset from its first day on, and everything that is made of it. Each step goes on
 * where it was stopped.
 */
import type { Invocation } from '#cli/invocation.js';
import { keptUpDatasets } from '#cli/options/kept-up-datasets.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { syncPlanText } from '#cli/output/sync-plan-text.js';
import { type CommandContext, commandContext } from '#cli/run/context.js';
import { keepingAdjusted } from '#cli/run/keep-adjusted.js';
import { joined, oneAfterAnother } from '#cli/run/several-datasets.js';
import {
  isLater,
  runLaterSteps,
  runStep,
  type StepName,
  stepsDocument,
  stepsLine,
  stepsOf,
} from '#cli/run/steps.js';
import { syncPlan } from '#cli/run/sync-plan.js';
import { datasets as knownDatasets, stocksDaily } from '#market/datasets/all.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { openArchive } from '#store/archive/store.js';
import { readAllTracked, trackedIn } from '#store/lists/all-tracked.js';
import { endsTheNight, mostSevere } from '#tasks/exit-code.js';
import { hasStatements } from '#tasks/ratios/sources.js';
import { populateWith } from './populate-command.js';

const DEFAULT: readonly StepName[] = ['populate', 'lake', 'features'];

export function syncCommand(invocation: Invocation): Promise<number> {
  return reported('sync', invocation, () => keepingAdjusted(invocation, () => sync(invocation)));
}

async function sync(invocation: Invocation): Promise<CommandResult> {
  const context = await commandContext(invocation);
  const steps = stepsOf(context.settings, DEFAULT);
  const datasets = chosen(context, invocation);
  const fetched = steps.includes('populate')
    ? [await runStep('populate', () => populateAll(datasets, context, invocation), invocation)]
    : [];
  const code = fetched[0]?.exit_code ?? 0;
  const isDry = invocation.flags['dryRun'] === true;
  const later = steps.filter(isLater);
  // Of what is made of a lake that is not built yet there are only estimates, and without a day no lake.
  const archived = datasets.filter((dataset) => openArchive(context.layout, dataset).days().length > 0);
  const then = isDry ? later.filter((step) => isForetold(step, archived.length > 0, context)) : later;
  const names = (isDry ? archived : datasets).map(({ name }) => name);
  const all = [...fetched, ...(endsTheNight(code) ? [] : await runLaterSteps(then, names, { invocation }))];
  const plan = isDry
    ? await syncPlan(
        steps.filter((step) => step !== 'fetch' && step !== 'ratios'),
        datasets,
        all,
        context,
        invocation,
      )
    : undefined;
  const end = plan === undefined ? `sync: ${stepsLine(all)}\n` : syncPlanText(plan);
  return {
    exitCode: mostSevere(all.map(({ exit_code }) => exit_code)),
    message: joined(all.map(({ message }) => message)),
    text: `${all.map(({ text }) => text).join('')}${end}`,
    document: {
      ...(plan === undefined ? {} : { dry_run: true, plan }),
      datasets: fetched[0]?.datasets ?? [],
      steps: stepsDocument(all),
    },
  };
}

/** Whether a dry run of the step says something before the others have been. */
function isForetold(step: StepName, isArchived: boolean, { layout }: CommandContext): boolean {
  return step === 'fetch' || (step === 'lake' && isArchived) || (step === 'ratios' && hasStatements(layout));
}

/** -t, else the setting, else what the folder holds, else stock days. Throws UsageError. */
function chosen(context: CommandContext, invocation: Invocation): readonly Dataset[] {
  const named = keptUpDatasets(invocation, context);
  if (named !== undefined) return named;
  const held = [...knownDatasets.values()].filter(
    (dataset) => openArchive(context.layout, dataset).days().length > 0,
  );
  return held.length > 0 ? held : [stocksDaily];
}

/** Each dataset from its first day on; series only where something of it is tracked. */
function populateAll(
  datasets: readonly Dataset[],
  { settings, layout }: CommandContext,
  invocation: Invocation,
): Promise<CommandResult> {
  const { flags, environment } = invocation;
  return oneAfterAnother(
    datasets,
    async (dataset) => {
      const lists = await readAllTracked(layout.dataDir, settings.texts('tickerFiles'), environment.cwd);
      const isTracked = trackedIn(dataset, lists).tickers.length > 0;
      const given = {
        ...flags,
        dataset: dataset.name,
        start: dataset.firstDay,
        ...(isTracked ? {} : { archiveOnly: true }),
      };
      const result = await populateWith({ ...invocation, flags: given });
      return { ...result, stopped: endsTheNight(result.exitCode) };
    },
    environment,
  );
}
