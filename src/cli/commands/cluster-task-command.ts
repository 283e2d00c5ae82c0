/** `barloom cluster task`: one task of a plan, as an element of an array job runs it. */
import type { Invocation } from '#cli/invocation.js';
import { planUrl } from '#cli/options/plan-url.js';
import { dayOutcomeText, taskText } from '#cli/output/cluster-text.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { type ClusterTools, runRequest, withCluster } from '#cli/run/cluster-tools.js';
import { UsageError } from '#cli/usage-error.js';
import { parsePlan } from '#ingest/cluster/read-plan.js';
import { withTaskRunner } from '#tasks/cluster/run.js';
import { taskExitCode } from '#tasks/cluster/task-exit.js';

export function clusterTaskCommand(invocation: Invocation): Promise<number> {
  return reported('cluster task', invocation, async () => {
    const { place, key } = planUrl(invocation.flags['plan']);
    const index = indexOf(invocation.flags['index']);
    return withCluster({ ...invocation, args: [...invocation.args, place] }, (tools) =>
      task({ key, index }, invocation, tools),
    );
  });
}

async function task(
  { key, index }: { readonly key: string; readonly index: number },
  invocation: Invocation,
  tools: ClusterTools,
): Promise<CommandResult> {
  const { bucket, context, connection, source, writtenBy } = tools;
  const { environment } = invocation;
  const name = bucket.nameOf(key);
  const plan = parsePlan(await bucket.read(key), name);
  const chosen = plan.tasks[index];
  if (chosen === undefined)
    throw new UsageError(`--index ${index}: ${name} has ${plan.tasks.length} tasks, from 0 on.`);
  const { signal, clock, now } = environment;
  const lent = { source: await source(), bucket, retry: connection.retry, signal, clock, now, writtenBy };
  const outcomes = await withTaskRunner(runRequest(invocation, tools), lent, (run) =>
    run(chosen, {
      concurrency: connection.concurrency,
      onDay: (outcome) => {
        if (!context.quiet && !context.json) environment.stderr(dayOutcomeText(chosen.dataset, outcome));
      },
    }),
  );
  return {
    exitCode: taskExitCode(outcomes),
    text: taskText(chosen, outcomes),
    document: {
      plan: name,
      index,
      task: chosen.id,
      datasets: [
        {
          dataset: chosen.dataset,
          days: outcomes.map((one) => ({
            day: one.day,
            state: one.state,
            ...('why' in one
              ? { reason: one.why }
              : { generation: one.generation, text_sha256: one.textSha256 }),
          })),
        },
      ],
    },
  };
}

/** Throws UsageError. */
function indexOf(given: unknown): number {
  if (typeof given === 'string' && /^\d{1,9}$/.test(given)) return Number(given);
  throw new UsageError(
    `--index ${given === undefined ? 'is needed' : `${given} is none`}: which task, from 0 on.`,
  );
}
