/**
 * `barloom features build`: what is derived from the lake's bars, month by month, only where something below
 * has changed.
 */
import type { Invocation } from '#cli/invocation.js';
import { openRange } from '#cli/options/open-range.js';
import { featuresText } from '#cli/output/features-text.js';
import { counted } from '#cli/output/quantities.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { commandContext, requireData } from '#cli/run/context.js';
import { lakeTools, memoryOption } from '#cli/run/lake-tools.js';
import { oneAfterAnother } from '#cli/run/several-datasets.js';
import { UsageError } from '#cli/usage-error.js';
import { datasets as knownDatasets } from '#market/datasets/all.js';
import type { Dataset } from '#market/datasets/dataset.js';
import type { FeatureSet } from '#market/features/formula.js';
import { featureSetOf } from '#market/features/sets.js';
import { layerFolder } from '#store/lake/layout.js';
import { filesIn } from '#store/lake/tree.js';
import { buildFeatures } from '#tasks/features/build.js';
import { withLake } from '#tasks/lake/open-lake.js';

/** A year of stock days and what they look back at, before it spills. */
const FEATURE_BYTES = 1e9;

export function featuresCommand(invocation: Invocation): Promise<number> {
  return reported('features build', invocation, () => features(invocation));
}

/** The result alone, for commands that do more. */
export async function features(invocation: Invocation): Promise<CommandResult> {
  const { args, flags, environment } = invocation;
  if (args[0] !== 'build' || args.length > 1)
    throw new UsageError('barloom features build makes them; there is no other word.');
  const context = await commandContext(invocation, 'anywhere');
  requireData(context);
  const named = flags['dataset'] === undefined ? undefined : context.datasets;
  const chosen = (named ?? [...knownDatasets.values()]).flatMap((dataset) => {
    const set = featureSetOf(dataset);
    const isBuilt = filesIn(layerFolder(context.layout, 'bronze', dataset.name)).size > 0;
    if (named !== undefined && set === undefined)
      throw new UsageError(
        `There are no features of ${dataset.name}: they are made of days, minutes and option days.`,
      );
    if (named !== undefined && !isBuilt)
      throw new UsageError(
        `${dataset.name} is not in the lake yet: run barloom lake build -t ${dataset.name} first.`,
      );
    return set === undefined || !isBuilt ? [] : [{ dataset, set }];
  });
  if (chosen.length === 0) {
    const isEmpty = [...knownDatasets.keys()].every(
      (name) => filesIn(layerFolder(context.layout, 'bronze', name)).size === 0,
    );
    if (isEmpty) throw new UsageError('The lake holds nothing yet: run barloom lake build first.');
    return {
      exitCode: 0,
      text: 'Nothing in the lake has features: they are made of days, minutes and option days.\n',
    };
  }
  const tools = {
    ...lakeTools('features build', context, invocation),
    memoryBytes: memoryOption(flags['memory']) ?? FEATURE_BYTES,
  };
  const dryRun = flags['dryRun'] === true;
  const tell = context.quiet || context.json ? undefined : environment.stderr;
  return withLake(tools, (lake) =>
    oneAfterAnother(
      chosen,
      async ({ dataset, set }: { readonly dataset: Dataset; readonly set: FeatureSet }) => {
        const request = {
          dataset,
          set,
          range: openRange(flags, dataset, context.now),
          force: flags['force'] === true,
          dryRun,
        };
        const result = await buildFeatures(request, lake, tools, (partition, rows) =>
          tell?.(`${dataset.name} ${partition}: ${counted(rows, 'row')}\n`),
        );
        return { exitCode: 0, text: featuresText(result, dryRun), document: { datasets: [result] } };
      },
      environment,
      dryRun ? { dry_run: true } : {},
    ),
  );
}
