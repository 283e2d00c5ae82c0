/**
 * `barloom lake build`: the archive's days into typed Parquet, only those that are lacking or have changed.
 */
import type { Invocation } from '#cli/invocation.js';
import { heldDatasets } from '#cli/options/held-datasets.js';
import { openRange } from '#cli/options/open-range.js';
import { isOpen, rangeFlags } from '#cli/options/range-flags.js';
import { buildLine, buildPlanText, buildText } from '#cli/output/lake-build-text.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { commandContext } from '#cli/run/context.js';
import { lakeTools } from '#cli/run/lake-tools.js';
import { oneAfterAnother } from '#cli/run/several-datasets.js';
import { freeBytes } from '#platform/disk/space.js';
import { exitCodeOf } from '#tasks/exit-code.js';
import { type BuildRequest, type BuildResult, buildBronze, planBronze } from '#tasks/lake/build.js';
import { lakeBytes } from '#tasks/lake/lake-space.js';
import { type LakeTools, type OpenLake, withLake, withReader } from '#tasks/lake/open-lake.js';

export function lakeBuildCommand(invocation: Invocation): Promise<number> {
  return reported('lake build', invocation, () => lakeBuild(invocation));
}

/** The result alone, for commands that do more. */
export async function lakeBuild(invocation: Invocation): Promise<CommandResult> {
  const { flags, environment } = invocation;
  const context = await commandContext(invocation, 'anywhere');
  const datasets = heldDatasets(context, flags, 'archive');
  const tools = lakeTools('lake build', context, invocation);
  const requests = datasets.map((dataset) => ({
    dataset,
    range: openRange(flags, dataset, context.now),
    force: flags['force'] === true,
    isNamed: !isOpen(rangeFlags(flags)),
  }));
  if (flags['dryRun'] === true)
    return withReader(tools, (duck) =>
      oneAfterAnother(requests, (request) => planOne(request, duck, tools), environment, { dry_run: true }),
    );
  const tell = context.quiet || context.json ? undefined : environment.stderr;
  return withLake(tools, (lake) =>
    oneAfterAnother(requests, (request) => buildOne(request, lake, tools, tell), environment),
  );
}

async function planOne(
  request: BuildRequest,
  duck: OpenLake['duck'],
  tools: LakeTools,
): Promise<CommandResult> {
  const plan = await planBronze(request, { duck }, tools.layout);
  const room = { bytes: lakeBytes(plan.bytes), free: (await freeBytes(tools.layout.dataDir)) ?? null };
  return {
    exitCode: 0,
    text: buildPlanText(plan, room),
    document: {
      datasets: [
        {
          dataset: plan.dataset,
          days: { to_build: plan.needed.length, unchanged: plan.wanted.length - plan.needed.length },
          files: plan.files.length,
          archive_bytes: plan.bytes,
          estimated_bytes: room.bytes,
          free_bytes: room.free,
        },
      ],
    },
  };
}

async function buildOne(
  request: BuildRequest,
  lake: OpenLake,
  tools: LakeTools,
  tell: ((text: string) => void) | undefined,
): Promise<CommandResult> {
  const result = await buildBronze(request, lake, tools, (news) =>
    tell?.(buildLine(request.dataset.name, news)),
  );
  return { exitCode: codeOf(result), text: buildText(result), document: { datasets: [documentOf(result)] } };
}

function codeOf({ failed, lost }: BuildResult): number {
  return exitCodeOf({ incomplete: failed.length + lost.length > 0 });
}

function documentOf({ lossy_days, ...result }: BuildResult) {
  return {
    ...result,
    lossy_days: lossy_days.map(({ day, proof }) => ({ day, lossy: proof.lossy, examples: proof.examples })),
  };
}
