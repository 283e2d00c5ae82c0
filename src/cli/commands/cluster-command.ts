/** `barloom cluster`: what it can do, a file each. */
import type { CommandRunner, Invocation } from '#cli/invocation.js';
import { reported } from '#cli/output/reported.js';
import { UsageError } from '#cli/usage-error.js';

const ACTIONS: Readonly<Record<string, () => Promise<CommandRunner>>> = {
  init: async () => (await import('./cluster-init-command.js')).clusterInitCommand,
  plan: async () => (await import('./cluster-plan-command.js')).clusterPlanCommand,
  work: async () => (await import('./cluster-work-command.js')).clusterWorkCommand,
  task: async () => (await import('./cluster-task-command.js')).clusterTaskCommand,
  submit: async () => (await import('./cluster-submit-command.js')).clusterSubmitCommand,
  status: async () => (await import('./cluster-status-command.js')).clusterStatusCommand,
  retry: async () => (await import('./cluster-retry-command.js')).clusterRetryCommand,
  sweep: async () => (await import('./cluster-sweep-command.js')).clusterSweepCommand,
  pull: async () => (await import('./cluster-pull-command.js')).clusterPullCommand,
};

export async function clusterCommand(invocation: Invocation): Promise<number> {
  const [action = '', ...args] = invocation.args;
  const load = ACTIONS[action];
  if (load !== undefined) return (await load())({ ...invocation, args });
  return reported('cluster', invocation, async () => {
    throw new UsageError(
      `barloom cluster ${action === '' ? 'needs a word' : `${action} is not known`}: give ${Object.keys(ACTIONS).join(', ')}.`,
    );
  });
}
