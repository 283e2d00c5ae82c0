/** `barloom cluster init`: tries whether a bucket can be filled by many, and makes it ready. */
import type { Invocation } from '#cli/invocation.js';
import { queueUrl } from '#cli/options/queue-url.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { safeText } from '#cli/output/safe-text.js';
import { type ClusterTools, withCluster } from '#cli/run/cluster-tools.js';
import { sourceText } from '#market/datasets/same-source.js';
import { placeText } from '#store/bucket/place.js';
import { initCluster } from '#tasks/cluster/init.js';
import { newAttempt } from '#tasks/cluster/run.js';

export function clusterInitCommand(invocation: Invocation): Promise<number> {
  return reported('cluster init', invocation, () =>
    withCluster(invocation, (tools) => init(invocation, tools)),
  );
}

async function init(
  { flags, environment }: Invocation,
  { context, bucket, place, source, writtenBy }: ClusterTools,
): Promise<CommandResult> {
  const queue = queueUrl(flags['queue'], environment.env)?.shown;
  const { identity } = await source();
  const { created, cluster, checked } = await initCluster(
    { source: identity, queue, writtenBy, now: context.now, attempt: newAttempt(context.now) },
    bucket,
  );
  const name = placeText(place);
  return {
    exitCode: 0,
    text:
      `${safeText(name)} ${created ? 'is ready' : 'was ready before'}: ${checked.join(', ')} work.\n` +
      `It is filled from ${safeText(sourceText(cluster.source))}.\n`,
    document: { archive: name, created, source: cluster.source, queue: cluster.queue ?? null, checked },
  };
}
