/** `barloom lake status`: what is built, what is not, and how large it is. A reader: it takes no lock. */
import type { Invocation } from '#cli/invocation.js';
import { heldDatasets } from '#cli/options/held-datasets.js';
import { lakeStatusText } from '#cli/output/lake-status-text.js';
import { reported } from '#cli/output/reported.js';
import { commandContext } from '#cli/run/context.js';
import { lakeTools } from '#cli/run/lake-tools.js';
import { exitCodeOf } from '#tasks/exit-code.js';
import { withReader } from '#tasks/lake/open-lake.js';
import { type LakeStatus, lakeStatus } from '#tasks/lake/status.js';

export function lakeStatusCommand(invocation: Invocation): Promise<number> {
  return reported('lake status', invocation, async () => {
    const context = await commandContext(invocation, 'anywhere');
    const datasets = heldDatasets(context, invocation.flags, 'either');
    const all = await withReader(lakeTools('lake status', context, invocation), async (duck) => {
      const found: LakeStatus[] = [];
      for (const dataset of datasets) found.push(await lakeStatus(dataset, context.layout, duck));
      return found;
    });
    return {
      exitCode: exitCodeOf({ damage: all.some(({ damaged }) => damaged.length > 0) }),
      text: lakeStatusText(all),
      document: { datasets: all },
    };
  });
}
