/** `barloom cluster plan`: what the bucket lacks of the vendor's days, as tasks that many machines can do. */
import type { Invocation } from '#cli/invocation.js';
import { rangeFlags, rangeIn } from '#cli/options/range-flags.js';
import { enqueuedText } from '#cli/output/cluster-queue-text.js';
import { clusterPlanText } from '#cli/output/cluster-text.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { clusterQueue } from '#cli/run/cluster-queue.js';
import { type ClusterTools, withCluster } from '#cli/run/cluster-tools.js';
import { toDownload } from '#cli/run/context.js';
import { placeText } from '#store/bucket/place.js';
import { type DatasetPlan, planDataset, writePlan } from '#tasks/cluster/plan.js';
import { enqueue, queueNames } from '#tasks/cluster/queues.js';
import { checkSource } from '#tasks/cluster/run.js';
import { exitCodeOf } from '#tasks/exit-code.js';

export function clusterPlanCommand(invocation: Invocation): Promise<number> {
  return reported('cluster plan', invocation, () =>
    withCluster(invocation, (tools) => plan(invocation, tools)),
  );
}

async function plan(
  { flags, environment }: Invocation,
  { context, bucket, place, source, manifestsOf }: ClusterTools,
): Promise<CommandResult> {
  const { now, quiet, json } = context;
  const datasets = toDownload(context, environment);
  const ranges = datasets.map((dataset) => ({
    dataset,
    range: rangeIn(rangeFlags(flags), dataset, { datasets, now }),
  }));
  const vendor = await source();
  await checkSource(vendor, bucket);
  const plans: DatasetPlan[] = [];
  for (const one of ranges) {
    plans.push(
      await planDataset(one, {
        source: vendor,
        bucket,
        manifestsOf: ({ name }) => manifestsOf(name),
        now,
        signal: environment.signal,
        onListed: (done, months) => {
          if (!quiet && !json && environment.liveTerminal)
            environment.stderr(
              `\r${one.dataset.name}: listing ${done}/${months}\x1b[K${done === months ? '\n' : ''}`,
            );
        },
      }),
    );
  }
  const tasks = plans.flatMap((one) => one.tasks);
  const dryRun = flags['dryRun'] === true;
  const written = dryRun || tasks.length === 0 ? undefined : await writePlan(tasks, vendor.identity, bucket);
  const url = written === undefined ? undefined : `${placeText({ ...place, prefix: '' })}/${written.key}`;
  const queue = dryRun ? undefined : await clusterQueue({ flags, environment }, bucket);
  const added = queue === undefined ? undefined : await enqueue(tasks, queueNames(place), queue);
  return {
    // Given up, or not there though it should be: not everything asked for will be.
    exitCode: exitCodeOf({ incomplete: plans.some(({ dead, missing }) => dead + missing.length > 0) }),
    text:
      clusterPlanText(plans, url) +
      (queue === undefined || tasks.length === 0 ? '' : enqueuedText(queue.shown, added ?? 0, tasks.length)),
    document: {
      ...(dryRun ? { dry_run: true } : {}),
      plan: url ?? null,
      queue: queue === undefined ? null : { url: queue.shown, added },
      datasets: plans.map((one) => ({
        dataset: one.dataset.name,
        range: { start: one.range.start, end: one.range.end },
        days: { listed: one.listed, done: one.done, dead: one.dead, missing: one.missing.length },
        tasks: one.tasks.length,
        to_do: one.tasks.reduce((sum, task) => sum + task.days.length, 0),
        bytes: one.bytes,
      })),
    },
  };
}
