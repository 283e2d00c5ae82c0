/** verify's part about adjusted series: looks, and with --repair writes again what is not as it should be. */
import type { Invocation } from '#cli/invocation.js';
import { lockChoice } from '#cli/options/lock-options.js';
import { verifyAdjustedText } from '#cli/output/verify-adjusted-text.js';
import { stocksDaily } from '#market/datasets/stocks.js';
import { withDataFolder } from '#store/folder/open.js';
import { readAdjustedRecord } from '#store/series/adjusted-files.js';
import { keepAdjusted } from '#tasks/adjust/keep-adjusted.js';
import { dropDamaged, type VerifiedAdjusted, verifyAdjusted } from '#tasks/adjust/verify-adjusted.js';
import { withReader } from '#tasks/lake/open-lake.js';
import type { CommandContext } from './context.js';
import { lakeTools } from './lake-tools.js';

export interface AdjustedVerified {
  readonly text: string;
  /** For the JSON document. */
  readonly adjusted: VerifiedAdjusted & { readonly repaired: boolean };
  readonly damaged: boolean;
}

/** Undefined where there are none, or other datasets were named. */
export async function adjustedVerified(
  context: CommandContext,
  invocation: Invocation,
): Promise<AdjustedVerified | undefined> {
  const { flags, environment } = invocation;
  const { layout, now, datasets } = context;
  if (flags['dataset'] !== undefined && !datasets.includes(stocksDaily)) return undefined;
  if ((await readAdjustedRecord(layout)).size === 0) return undefined;
  const begun = environment.clock();
  const deep = flags['deep'] === true;
  const { memoryBytes, threads } = lakeTools('verify', context, invocation);
  const { signal } = environment;
  const { found, repaired } = await withReader({ memoryBytes, threads }, async (duck) => {
    const tools = { duck, now, signal };
    const looked = await verifyAdjusted(layout, { ...tools, deep });
    if (flags['repair'] !== true || looked.damage.length === 0) return { found: looked, repaired: false };
    const options = {
      layout,
      access: 'write',
      command: 'verify --repair',
      now,
      ...lockChoice(invocation),
    } as const;
    await withDataFolder(options, async (folder) => {
      await dropDamaged(layout, looked);
      await keepAdjusted(folder, tools);
    });
    return { found: looked, repaired: true };
  });
  const seconds = (environment.clock() - begun) / 1000;
  return {
    text: verifyAdjustedText(found, { deep, repaired, seconds }),
    adjusted: { ...found, repaired },
    damaged: found.damage.length > 0 && !repaired,
  };
}
