/** `--adjust splits|all [--as-of DAY]`: what show and export adjust a ticker's history by. */
import type { Invocation } from '#cli/invocation.js';
import type { CommandContext } from '#cli/run/context.js';
import { lakeTools } from '#cli/run/lake-tools.js';
import { UsageError } from '#cli/usage-error.js';
import { ADJUSTMENTS, type Adjustment } from '#market/adjust/adjusted-bar.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { stocksDaily } from '#market/datasets/stocks.js';
import type { Adjuster, AdjustRequest } from '#tasks/adjust/open-adjuster.js';
import { asOfOption } from './as-of.js';

export interface AdjustWish {
  readonly by: Adjustment;
  /** Undefined: as of now. */
  readonly asOf: IsoDay | undefined;
}

/** Undefined where prices stay as traded. Throws UsageError. */
export function adjustOption(flags: Invocation['flags'], dataset: Dataset): AdjustWish | undefined {
  const given = flags['adjust'];
  const asOf = asOfOption(flags['asOf']);
  if (given === undefined || given === 'none') {
    if (asOf !== undefined) throw new UsageError('--as-of goes with --adjust splits or --adjust all.');
    return undefined;
  }
  const by = ADJUSTMENTS.find((one) => one === given);
  if (by === undefined)
    throw new UsageError(`--adjust ${String(given)} is not known: give splits, all or none.`);
  if (dataset.name !== stocksDaily.name)
    throw new UsageError(
      `--adjust is for ${stocksDaily.name}: splits and dividends are those of stocks, and their factors come from daily closes.`,
    );
  return { by, asOf };
}

/** Throws UsageError where the folder has neither splits nor dividends. */
export async function adjusterOf(
  { by, asOf }: AdjustWish,
  { tickers, names }: Pick<AdjustRequest, 'tickers' | 'names'>,
  dataset: Dataset,
  context: CommandContext,
  invocation: Invocation,
): Promise<Adjuster> {
  const { layout, now } = context;
  const { hasActions } = await import('#tasks/adjust/read-actions.js');
  if (!hasActions(layout))
    throw new UsageError(
      `There are no splits and dividends in ${layout.dataDir} to adjust with: run barloom fetch actions first.`,
    );
  const { openAdjuster } = await import('#tasks/adjust/open-adjuster.js');
  const { withReader } = await import('#tasks/lake/open-lake.js');
  const { memoryBytes, threads } = lakeTools('adjust', context, invocation);
  return withReader({ memoryBytes, threads }, (duck) =>
    openAdjuster({ layout, dataset, tickers, names, by, asOf, now }, duck),
  );
}
