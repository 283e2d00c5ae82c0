/** `barloom fetch status`: what is here of each table. A reader: it takes no lock. */
import type { Invocation } from '#cli/invocation.js';
import { fetchStatusText } from '#cli/output/fetch-status-text.js';
import { reported } from '#cli/output/reported.js';
import { commandContext } from '#cli/run/context.js';
import { lakeTools } from '#cli/run/lake-tools.js';
import { exitCodeOf } from '#tasks/exit-code.js';
import { fetchStatus } from '#tasks/fetch/status.js';
import { withReader } from '#tasks/lake/open-lake.js';

export function fetchStatusCommand(invocation: Invocation): Promise<number> {
  return reported('fetch status', invocation, async () => {
    const context = await commandContext(invocation, 'anywhere');
    const today = context.now.toISOString().slice(0, 10);
    const types = await withReader(lakeTools('fetch status', context, invocation), (duck) =>
      fetchStatus(context.layout, today, duck),
    );
    return { exitCode: exitCodeOf({}), text: fetchStatusText(types), document: { types } };
  });
}
