/** `barloom cluster status`: what a bucket holds, how quickly it is filled, and what was given up, with why. */
import type { Invocation } from '#cli/invocation.js';
import { queueText } from '#cli/output/cluster-queue-text.js';
import { clusterStatusText } from '#cli/output/cluster-text.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { clusterQueue } from '#cli/run/cluster-queue.js';
import { type ClusterTools, withCluster } from '#cli/run/cluster-tools.js';
import { placeText } from '#store/bucket/place.js';
import { type QueueStatus, queueNames, queueStatus } from '#tasks/cluster/queues.js';
import { clusterStatus } from '#tasks/cluster/status.js';
import { exitCodeOf } from '#tasks/exit-code.js';
import { watchCluster } from './cluster-watch.js';

export function clusterStatusCommand(invocation: Invocation): Promise<number> {
  return reported('cluster status', invocation, () =>
    withCluster(invocation, (tools) =>
      invocation.flags['watch'] === true
        ? watchCluster(() => status(invocation, tools), tools.context, invocation.environment)
        : status(invocation, tools),
    ),
  );
}

async function status(
  invocation: Invocation,
  { bucket, place, manifestsOf }: ClusterTools,
): Promise<CommandResult> {
  const now = invocation.environment.now();
  const { cluster, datasets, plan } = await clusterStatus({ bucket, manifestsOf, now });
  const name = placeText(place);
  const target = await clusterQueue(invocation, bucket);
  const queues = target === undefined ? undefined : await queueStatus(queueNames(place), target);
  return {
    exitCode: exitCodeOf({
      incomplete: datasets.some(({ dead, unreadable }) => dead.length + unreadable.length > 0),
    }),
    text:
      clusterStatusText(name, datasets, plan) +
      (target === undefined || queues === undefined ? '' : queueText(target.shown, queues, now.getTime())),
    document: {
      archive: name,
      source: cluster.source,
      queue: target?.shown ?? null,
      queues: (queues ?? []).map((one) => queueDocument(one, now)),
      datasets: datasets.map((one) => ({
        dataset: one.dataset,
        days: one.days,
        first: one.first ?? null,
        last: one.last ?? null,
        replaced: one.replaced,
        archive_bytes: one.archiveBytes,
        text_bytes: one.textBytes,
        unreadable: one.unreadable.map(reason),
        damaged: one.damaged.map(reason),
        dead: one.dead.map(reason),
        slowest: one.slowest,
      })),
      plan:
        plan === undefined
          ? null
          : {
              id: plan.id,
              tasks: plan.tasks,
              days: plan.days,
              bytes_left: plan.bytesLeft,
              bytes_per_second: plan.bytesPerSecond ?? null,
              seconds_left: plan.secondsLeft ?? null,
            },
    },
  };
}

function queueDocument({ kind, counts, workers, perMinute, active, dead }: QueueStatus, now: Date) {
  return {
    kind,
    ...counts,
    workers,
    tasks_per_minute: perMinute ?? null,
    longest: active.map(({ id, at, by }) => ({
      task: id,
      worker: by ?? null,
      seconds: at === undefined ? null : Math.max(0, now.getTime() - at) / 1000,
    })),
    given_up: dead.map(({ id, why }) => ({ task: id, reason: why ?? null })),
  };
}

function reason({ day, why }: { readonly day: string; readonly why: string }) {
  return { day, reason: why };
}
