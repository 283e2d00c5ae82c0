/**
 * `barloom lake prune`: the oldest days go out of the lake, with their features, once it is said which and
 * agreed to. The archive keeps them.
 */
import { confirm } from '#cli/confirm.js';
import type { Invocation } from '#cli/invocation.js';
import { heldDatasets } from '#cli/options/held-datasets.js';
import { keepDaysOption } from '#cli/options/keep-days.js';
import { historyText } from '#cli/output/features-text.js';
import { row } from '#cli/output/paragraph.js';
import { bytes, count, counted } from '#cli/output/quantities.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { commandContext } from '#cli/run/context.js';
import { lakeTools } from '#cli/run/lake-tools.js';
import { stopCode } from '#tasks/exit-code.js';
import type { FeatureResult } from '#tasks/features/build.js';
import { followPrune } from '#tasks/features/follow-prune.js';
import { withLake } from '#tasks/lake/open-lake.js';
import { type LakePrunePlan, planLakePrune, pruneBronze } from '#tasks/lake/prune.js';

export function lakePruneCommand(invocation: Invocation): Promise<number> {
  return reported('lake prune', invocation, () => lakePrune(invocation));
}

async function lakePrune(invocation: Invocation): Promise<CommandResult> {
  const { flags, environment } = invocation;
  const keepDays = keepDaysOption(flags['keepDays']);
  const context = await commandContext(invocation, 'anywhere');
  const datasets = heldDatasets(context, flags, 'either');
  const tools = lakeTools('lake prune', context, invocation);
  return withLake(tools, async (lake) => {
    const plans: LakePrunePlan[] = [];
    for (const dataset of datasets) plans.push(await planLakePrune(dataset, keepDays, lake, context.layout));
    const days = plans.reduce((sum, plan) => sum + plan.days.length, 0);
    const isDry = flags['dryRun'] === true;
    if (days === 0 || isDry)
      return { exitCode: 0, text: plans.map(planText).join(''), document: documentOf(plans, 0, isDry) };
    if (!context.json) environment.stderr(plans.map(planText).join(''));
    if (!(await confirm(`Remove ${counted(days, 'day')} from the lake?`, flags, environment)))
      return { exitCode: stopCode(environment), text: 'Nothing was removed.\n' };
    const features = new Map<string, FeatureResult>();
    for (const dataset of datasets) {
      const { keepFrom, days: gone } = await pruneBronze(dataset, keepDays, lake, tools);
      const made =
        keepFrom === undefined || gone.length === 0
          ? undefined
          : await followPrune(dataset, keepFrom, lake, tools);
      if (made !== undefined) features.set(dataset.name, made);
    }
    return {
      exitCode: 0,
      text: `Removed ${counted(days, 'day')} from the lake.\n${[...features.values()].map(featuresText).join('')}`,
      document: documentOf(plans, days, false, features),
    };
  });
}

function planText({ dataset, keepFrom, days, remove, rewrite, bytes: size }: LakePrunePlan): string {
  if (days.length === 0) return `${dataset}\n${row('remove', 'nothing')}\n`;
  return `${dataset}\n${row('remove', `${counted(days.length, 'day')} before ${keepFrom}: ${counted(remove.length, 'file')} of ${bytes(size)} go, ${counted(rewrite.length, 'file is', 'files are')} written again`)}\n`;
}

function featuresText({ dataset, removed, files, history_from }: FeatureResult): string {
  const cut = history_from === null ? '' : `; ${historyText(history_from)}`;
  return `${dataset}\n${row('features', `${counted(removed, 'file')} removed, ${count(files)} made again${cut}`)}\n`;
}

function documentOf(
  plans: readonly LakePrunePlan[],
  removed: number,
  isDry: boolean,
  features: ReadonlyMap<string, FeatureResult> = new Map(),
) {
  return {
    ...(isDry ? { dry_run: true } : {}),
    removed_days: removed,
    datasets: plans.map(({ dataset, keepFrom, days, remove, rewrite, bytes: size }) => ({
      dataset,
      keep_from: keepFrom ?? null,
      days: days.length,
      remove_files: remove.length,
      rewrite_files: rewrite.length,
      bytes: size,
      features: features.get(dataset) ?? null,
    })),
  };
}
