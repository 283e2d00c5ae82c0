/**
 * `barloom lake verify`: the lake's files against their hashes and the archive, features and Qlib's files
 * against the lake; with --repair what is damaged is made again.
 */
import type { Invocation } from '#cli/invocation.js';
import { heldDatasets } from '#cli/options/held-datasets.js';
import { openRange } from '#cli/options/open-range.js';
import { lakeVerifyText } from '#cli/output/lake-verify-text.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { commandContext } from '#cli/run/context.js';
import { lakeTools } from '#cli/run/lake-tools.js';
import { oneAfterAnother } from '#cli/run/several-datasets.js';
import { exitCodeOf } from '#tasks/exit-code.js';
import { type LakeTools, type OpenLake, withLake } from '#tasks/lake/open-lake.js';
import { type LayersWish, verifyLayers } from '#tasks/lake/verify-layers.js';

export function lakeVerifyCommand(invocation: Invocation): Promise<number> {
  return reported('lake verify', invocation, () => lakeVerify(invocation));
}

/** The result alone, for commands that do more. */
export async function lakeVerify(invocation: Invocation): Promise<CommandResult> {
  const { flags, environment } = invocation;
  const context = await commandContext(invocation, 'anywhere');
  const datasets = heldDatasets(context, flags, 'either');
  const tools = lakeTools('lake verify', context, invocation);
  return withLake(tools, (lake) =>
    oneAfterAnother(
      datasets.map((dataset) => ({ dataset, range: openRange(flags, dataset, context.now) })),
      (one) => verifyOne({ ...one, repair: flags['repair'] === true }, lake, tools),
      environment,
    ),
  );
}

async function verifyOne(wish: LayersWish, lake: OpenLake, tools: LakeTools): Promise<CommandResult> {
  const verified = await verifyLayers(wish, lake, tools);
  const { bronze, silver, gold, damage, left } = verified;
  return {
    exitCode: exitCodeOf({
      damage: (left ?? damage).length > 0,
      incomplete: bronze.unreadable.length > 0,
    }),
    text: lakeVerifyText(verified),
    document: {
      datasets: [
        {
          ...bronze,
          silver: silver ?? null,
          gold: gold ?? null,
          ...(left === undefined ? {} : { after_repair: left }),
        },
      ],
    },
  };
}
