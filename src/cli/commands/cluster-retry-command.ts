/** `barloom cluster retry`: days that were given up are tried again, once what was amiss is mended. */
import type { Invocation } from '#cli/invocation.js';
import { counted } from '#cli/output/quantities.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { clusterQueue } from '#cli/run/cluster-queue.js';
import { type ClusterTools, withCluster } from '#cli/run/cluster-tools.js';
import { queueNames, retryDeadTasks } from '#tasks/cluster/queues.js';
import { forgetFailures } from '#tasks/cluster/retry.js';

export function clusterRetryCommand(invocation: Invocation): Promise<number> {
  return reported('cluster retry', invocation, () =>
    withCluster(invocation, (tools) => retry(invocation, tools)),
  );
}

async function retry(
  { flags, environment }: Invocation,
  { context, bucket, place }: ClusterTools,
): Promise<CommandResult> {
  const named =
    flags['dataset'] === undefined ? undefined : new Set(context.datasets.map(({ name }) => name));
  const found = await forgetFailures(named, bucket);
  const queue = await clusterQueue({ flags, environment }, bucket);
  const waiting = queue === undefined ? undefined : await retryDeadTasks(queueNames(place), queue);
  const days = found.reduce((sum, one) => sum + one.days.length, 0);
  return {
    exitCode: 0,
    text:
      found
        .map((one) => `${one.dataset}: ${counted(one.days.length, 'day')} will be tried again\n`)
        .join('') + endOf(days, waiting),
    document: { datasets: found, tasks_waiting_again: waiting ?? null },
  };
}

/** `waiting`: dead tasks of the queue that wait again; undefined where there is no queue. */
function endOf(days: number, waiting: number | undefined): string {
  if (waiting !== undefined && waiting > 0)
    return `${counted(waiting, 'task')} of the queue will be tried again\n`;
  return days === 0 ? 'Nothing was given up, and nothing failed.\n' : 'Now: barloom cluster plan\n';
}
