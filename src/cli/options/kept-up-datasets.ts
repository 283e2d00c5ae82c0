/** The datasets that nightly, weekly and sync keep up: those that are named, on the command line or in a setting. */
import type { Invocation } from '#cli/invocation.js';
import { safeText } from '#cli/output/safe-text.js';
import { type CommandContext, toDownload } from '#cli/run/context.js';
import { UsageError } from '#cli/usage-error.js';
import { datasets as knownDatasets } from '#market/datasets/all.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { datasetNamed } from '#market/datasets/named.js';

/** -t, else the setting; undefined where neither names any. Throws UsageError. */
export function keptUpDatasets(
  { flags, environment }: Pick<Invocation, 'flags' | 'environment'>,
  context: CommandContext,
): readonly Dataset[] | undefined {
  if (flags['dataset'] !== undefined) return toDownload(context, environment);
  const { settings } = context;
  return settings.texts('datasets')?.map((name) => {
    const dataset = datasetNamed(name);
    if (dataset === undefined)
      throw new UsageError(
        `${settings.origin('datasets')}: dataset ${safeText(name)} is not known: give ${[...knownDatasets.keys()].join(' or ')}.`,
      );
    return dataset;
  });
}
