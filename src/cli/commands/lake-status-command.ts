/** `barloom lake status`: what is built, what is not, and how large it is. A reader: it takes no lock. */
import type { Invocation } from '#cli/invocation.js';
import { heldDatasets } from '#cli/options/held-datasets.js';
import { lakeStatusText } from '#cli/output/lake-status-text.js';
import { reported } from '#cli/output/reported.js';
import { type CommandContext, commandContext } from '#cli/run/context.js';
import { lakeTools } from '#cli/run/lake-tools.js';
import { UsageError } from '#cli/usage-error.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { exitCodeOf } from '#tasks/exit-code.js';
import { withReader } from '#tasks/lake/open-lake.js';
import { silverStatus } from '#tasks/lake/silver-status.js';
import { type LakeStatus, lakeStatus } from '#tasks/lake/status.js';

export function lakeStatusCommand(invocation: Invocation): Promise<number> {
  return reported('lake status', invocation, async () => {
    const context = await commandContext(invocation, 'anywhere');
    const silver = silverStatus(context.layout);
    const isAsked = invocation.flags['dataset'] !== undefined;
    const datasets = datasetsOf(context, invocation, isAsked || silver.length === 0);
    const names = new Set(datasets.map(({ name }) => name));
    const told = silver.filter(({ table }) => !isAsked || names.has(table));
    const all = await withReader(lakeTools('lake status', context, invocation), async (duck) => {
      const found: LakeStatus[] = [];
      for (const dataset of datasets) found.push(await lakeStatus(dataset, context.layout, duck));
      return found;
    });
    return {
      exitCode: exitCodeOf({ damage: all.some(({ damaged }) => damaged.length > 0) }),
      text: lakeStatusText(all, told),
      document: { datasets: all, silver: told },
    };
  });
}

/** Where nothing was named, a lake of ratios alone has none, and that is no mistake. */
function datasetsOf(context: CommandContext, { flags }: Invocation, isNeeded: boolean): readonly Dataset[] {
  try {
    return heldDatasets(context, flags, 'either');
  } catch (error) {
    if (error instanceof UsageError && !isNeeded) return [];
    throw error;
  }
}
