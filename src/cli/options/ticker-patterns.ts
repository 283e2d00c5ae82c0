/** `BRK*` among named tickers: those of the newest day here that fit. */
import type { CommandContext } from '#cli/run/context.js';
import { UsageError } from '#cli/usage-error.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { withDataFolder } from '#store/folder/open.js';

/** Vendors' tickers have neither sign. */
const PATTERN = /[*?]/;

/** Each once; names without a sign of a pattern as they are. Throws UsageError for a pattern that none fits. */
export async function withPatterns(
  named: readonly string[],
  dataset: Dataset,
  { layout, now }: CommandContext,
): Promise<readonly string[]> {
  if (!named.some((name) => PATTERN.test(name))) return named;
  const { newestMarket } = await import('#ingest/day/market-tickers.js');
  const { likePattern } = await import('#market/tickers/like.js');
  const market = await withDataFolder({ layout, access: 'read', command: 'add', now }, async (folder) => {
    const archive = folder.archive(dataset);
    return [...newestMarket(archive.days().toReversed(), archive)];
  });
  const found = named.flatMap((name) => {
    if (!PATTERN.test(name)) return [name];
    const fitting = market.filter(likePattern(name));
    if (fitting.length === 0)
      throw new UsageError(
        `No ticker of the newest day in the archive matches ${name}. Case is part of a ticker.`,
      );
    return fitting;
  });
  return [...new Set(found)];
}
