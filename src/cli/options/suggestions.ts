/** Near tickers for those that nobody knows, out of the newest day here. */

import type { CommandContext } from '#cli/run/context.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { withDataFolder } from '#store/folder/open.js';

/** By ticker, best first. */
export type Near = Readonly<Record<string, readonly string[]>>;

/** Of so many near ones are looked for; a list of thousands is no slip of the keys. */
const MOST = 20;

export async function suggestions(
  { layout, now }: CommandContext,
  dataset: Dataset,
  unknown: readonly string[],
  tracked: readonly string[],
): Promise<Near> {
  if (unknown.length === 0) return {};
  const { nearestTickers } = await import('#market/tickers/near.js');
  const { newestMarket } = await import('#ingest/day/market-tickers.js');
  return withDataFolder({ layout, access: 'read', command: 'suggest', now }, async (folder) => {
    const archive = folder.archive(dataset);
    const favoured = new Set(tracked);
    const market = newestMarket(archive.days().toReversed(), archive);
    return Object.fromEntries(
      unknown.slice(0, MOST).map((ticker) => [ticker, nearestTickers(ticker, market, 3, favoured)]),
    );
  });
}

export function unknownDocument(
  unknown: readonly string[],
  near: Near,
): readonly { readonly ticker: string; readonly near: readonly string[] }[] {
  return unknown.map((ticker) => ({ ticker, near: near[ticker] ?? [] }));
}
