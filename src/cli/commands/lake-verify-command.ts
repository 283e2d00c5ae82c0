/**
 * `barloom lake verify`: the lake's files against their hashes and the archive; with --repair what is damaged
 * is built again.
 */
import type { Invocation } from '#cli/invocation.js';
import { heldDatasets } from '#cli/options/held-datasets.js';
import { openRange } from '#cli/options/open-range.js';
import { lakeVerifyText } from '#cli/output/lake-verify-text.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { commandContext } from '#cli/run/context.js';
import { lakeTools } from '#cli/run/lake-tools.js';
import { oneAfterAnother } from '#cli/run/several-datasets.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { exitCodeOf } from '#tasks/exit-code.js';
import { buildBronze } from '#tasks/lake/build.js';
import { type LakeTools, type OpenLake, withLake } from '#tasks/lake/open-lake.js';
import { type LakeVerified, verifyBronze } from '#tasks/lake/verify.js';

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
      (one) => verifyOne(one, lake, tools, flags['repair'] === true),
      environment,
    ),
  );
}

interface Wish {
  readonly dataset: Dataset;
  readonly range: { readonly start: IsoDay; readonly end: IsoDay };
}

async function verifyOne(
  wish: Wish,
  lake: OpenLake,
  tools: LakeTools,
  repair: boolean,
): Promise<CommandResult> {
  const found = await verifyBronze(wish.dataset, wish.range, lake, tools);
  const isRepaired = repair && found.damage.length > 0;
  const left = isRepaired ? await repaired(wish, found, lake, tools) : found;
  return {
    exitCode: exitCodeOf({ damage: left.damage.length > 0, incomplete: left.unreadable.length > 0 }),
    text: lakeVerifyText(found, isRepaired ? left : undefined),
    document: { datasets: [{ ...found, ...(isRepaired ? { after_repair: left.damage } : {}) }] },
  };
}

/** Looks again at what was built anew. */
async function repaired(
  { dataset }: Wish,
  { damage }: LakeVerified,
  lake: OpenLake,
  tools: LakeTools,
): Promise<LakeVerified> {
  const distrusted = new Map(damage.map(({ partition, what }) => [partition, what]));
  // No day but those of the damaged files.
  await buildBronze(
    { dataset, range: { start: '9999-12-31', end: '1900-01-01' }, force: false, isNamed: false, distrusted },
    lake,
    tools,
    () => undefined,
  );
  const days = [...distrusted.keys()].sort();
  return verifyBronze(
    dataset,
    { start: `${days[0]}`.slice(0, 7), end: `${days.at(-1)?.slice(0, 7)}-31` },
    lake,
    tools,
  );
}
