/**
 * `barloom status`: what is here, once or again and again. A reader: it takes no lock and changes nothing.
 */

import type { Invocation } from '#cli/invocation.js';
import { datasetsOfFolder } from '#cli/options/held-datasets.js';
import { reported } from '#cli/output/reported.js';
import { statusText } from '#cli/output/status-text.js';
import { type CommandContext, commandContext, requireData } from '#cli/run/context.js';
import { readAllTracked } from '#store/lists/all-tracked.js';
import { folderStatus, type StatusRequest } from '#tasks/status/status.js';
import { statusStyle, watchStatus } from './status-watch.js';

export async function statusCommand(invocation: Invocation): Promise<number> {
  const { flags, environment } = invocation;
  if (flags['watch'] !== true) {
    return reported('status', invocation, async () => {
      const context = await openContext(invocation);
      const status = await folderStatus(await requestOf(context, invocation));
      return { exitCode: 0, text: statusText(status, statusStyle(environment)), document: { ...status } };
    });
  }
  let context: CommandContext;
  try {
    context = await openContext(invocation);
    await requestOf(context, invocation);
  } catch (error) {
    // What is wrong from the start is said as without --watch.
    return reported('status', invocation, () => Promise.reject(error));
  }
  const gather = async (): ReturnType<typeof folderStatus> =>
    folderStatus(await requestOf(context, invocation));
  return watchStatus({ gather, context, environment });
}

/** Throws UsageError. */
async function openContext(invocation: Invocation): Promise<CommandContext> {
  const context = await commandContext(invocation, 'anywhere');
  requireData(context);
  return context;
}

async function requestOf(
  context: CommandContext,
  { flags, environment }: Invocation,
): Promise<StatusRequest> {
  const { layout, settings } = context;
  const isOpen = flags['dataset'] === undefined;
  return {
    layout,
    datasets: isOpen ? undefined : await datasetsOfFolder(context, flags, 'status'),
    tracked: await readAllTracked(layout.dataDir, settings.texts('tickerFiles'), environment.cwd),
    now: environment.now(),
  };
}
