/** `barloom cluster status`: what a bucket holds, how quickly it is filled, and what was given up, with why. */
import type { Invocation } from '#cli/invocation.js';
import { clusterStatusText } from '#cli/output/cluster-text.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { type ClusterTools, withCluster } from '#cli/run/cluster-tools.js';
import { placeText } from '#store/bucket/place.js';
import { clusterStatus } from '#tasks/cluster/status.js';
import { exitCodeOf } from '#tasks/exit-code.js';

export function clusterStatusCommand(invocation: Invocation): Promise<number> {
  return reported('cluster status', invocation, () => withCluster(invocation, status));
}

async function status({ bucket, place, manifestsOf, context }: ClusterTools): Promise<CommandResult> {
  const { cluster, datasets, plan } = await clusterStatus({ bucket, manifestsOf, now: context.now });
  const name = placeText(place);
  return {
    exitCode: exitCodeOf({
      incomplete: datasets.some(({ dead, unreadable }) => dead.length + unreadable.length > 0),
    }),
    text: clusterStatusText(name, datasets, plan),
    document: {
      archive: name,
      source: cluster.source,
      queue: cluster.queue ?? null,
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

function reason({ day, why }: { readonly day: string; readonly why: string }) {
  return { day, reason: why };
}
