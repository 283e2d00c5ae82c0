/** Identity for readers: nothing where the folder has no table that tells it. */
import { tickerEvents } from '#market/tables/actions.js';
import { tickers as tickersTable } from '#market/tables/reference.js';
import type { Ownership } from '#market/tickers/owners.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { heldTables } from '#store/tables/layout.js';
import { type LakeTools, withReader } from '#tasks/lake/open-lake.js';
import { ownersIn, readIdentity } from './read-identity.js';

export function hasIdentity(layout: Pick<FolderLayout, 'dataDir'>): boolean {
  const held = heldTables(layout);
  return held.includes(tickersTable.name) || held.includes(tickerEvents.name);
}

/** Who had each of these tickers; none where nothing is known. */
export async function readOwners(
  { layout, memoryBytes, threads }: Pick<LakeTools, 'layout' | 'memoryBytes' | 'threads'>,
  tickers: readonly string[],
): Promise<(ticker: string) => readonly Ownership[]> {
  if (tickers.length === 0 || !hasIdentity(layout)) return () => [];
  const identity = await withReader({ memoryBytes, threads }, async (duck) =>
    readIdentity(layout, tickers, await duck()),
  );
  return ownersIn(identity);
}
