/** `barloom cluster pull`: days of the bucket into the archive of a data folder, to be worked with there. */
import path from 'node:path';
import type { Invocation } from '#cli/invocation.js';
import { lockChoice } from '#cli/options/lock-options.js';
import { openRange } from '#cli/options/open-range.js';
import { bytes, count, counted } from '#cli/output/quantities.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { safeText } from '#cli/output/safe-text.js';
import { type ClusterTools, withCluster } from '#cli/run/cluster-tools.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { datasetNamed } from '#market/datasets/named.js';
import { readCluster } from '#store/bucket/cluster-file.js';
import { allManifestsPrefix, datasetOfKey } from '#store/bucket/keys.js';
import type { OpenBucket } from '#store/bucket/open-bucket.js';
import { type FolderLayout, folderLayout } from '#store/folder/layout.js';
import { type DataFolder, openDataFolder, withDataFolder } from '#store/folder/open.js';
import { type PullPlan, planPull, pull } from '#tasks/cluster/pull.js';
import { checkSpace } from '#tasks/space-needed.js';

export function clusterPullCommand(invocation: Invocation): Promise<number> {
  return reported('cluster pull', invocation, () =>
    withCluster(invocation, (tools) => pullAll(invocation, tools)),
  );
}

async function pullAll(invocation: Invocation, tools: ClusterTools): Promise<CommandResult> {
  const { context, bucket, manifestsOf } = tools;
  const { flags, environment } = invocation;
  const layout = localLayout(invocation, tools);
  const { source } = await readCluster(bucket);
  const datasets = flags['dataset'] === undefined ? await datasetsOf(bucket) : context.datasets;
  const plansOf = (folder: DataFolder): readonly PullPlan[] =>
    datasets.map((dataset) => {
      const range = openRange(flags, dataset, context.now);
      return planPull({ dataset, range }, folder, manifestsOf(dataset.name));
    });
  const open = { layout, command: 'cluster pull', now: context.now } as const;
  if (flags['dryRun'] === true) {
    const plans = plansOf(await openDataFolder({ ...open, access: 'read' }));
    return resultOf(plans, undefined);
  }
  const locks = lockChoice(invocation);
  return withDataFolder({ ...open, access: 'write', makesArchive: true, ...locks }, async (folder) => {
    const plans = plansOf(folder);
    await checkSpace(
      plans.reduce((sum, plan) => sum + plan.bytes, 0),
      layout,
    );
    for (const plan of plans) {
      const { dataset, lacking } = plan;
      if (lacking.length === 0) continue;
      await pull(plan, source, folder, {
        bucket,
        retry: tools.connection.retry,
        now: context.now,
        onDay: (done, days) => {
          if (context.quiet || context.json) return;
          if (environment.liveTerminal)
            environment.stderr(`\r${dataset.name}: day ${done}/${days}\x1b[K${done === days ? '\n' : ''}`);
        },
      });
    }
    return resultOf(plans, layout);
  });
}

/** The bucket is where --archive-dir says, unless it is the command's word: then that is the archive's folder. */
function localLayout({ args, flags, environment }: Invocation, { context }: ClusterTools): FolderLayout {
  const archive =
    args.length > 0 && flags['archiveDir'] !== undefined ? String(flags['archiveDir']) : undefined;
  return folderLayout(
    context.layout.dataDir,
    archive === undefined ? undefined : path.resolve(environment.cwd, archive),
  );
}

async function datasetsOf(bucket: OpenBucket): Promise<readonly Dataset[]> {
  const start = allManifestsPrefix(bucket.place.prefix);
  const names = (await bucket.list(start)).flatMap(({ key }) => datasetOfKey(start, key, 2) ?? []);
  return [...new Set(names)].sort().flatMap((name) => datasetNamed(name) ?? []);
}

/** `layout`: where they went; undefined: nowhere yet. */
function resultOf(plans: readonly PullPlan[], layout: FolderLayout | undefined): CommandResult {
  const done = layout === undefined ? 'to copy' : 'copied';
  const lines = plans.map(
    ({ dataset, lacking, here, bytes: size }) =>
      `${dataset.name}: ${counted(lacking.length, 'day')} ${done}, ${bytes(size)}; ${count(here)} here before\n`,
  );
  const next =
    layout === undefined
      ? ''
      : `They are in ${safeText(layout.archiveDir)}: barloom add takes tickers out of them.\n`;
  return {
    exitCode: 0,
    text: plans.length === 0 ? 'The bucket holds no day.\n' : lines.join('') + next,
    document: {
      ...(layout === undefined ? { dry_run: true } : {}),
      datasets: plans.map(({ dataset, lacking, here, bytes: size }) => ({
        dataset: dataset.name,
        days: { [layout === undefined ? 'to_copy' : 'copied']: lacking.length, unchanged: here },
        bytes: size,
      })),
    },
  };
}
