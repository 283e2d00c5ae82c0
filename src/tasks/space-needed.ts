/** Disk space for a plan, checked before it starts rather than met half-way. */

import type { PlannedDay } from '#ingest/plan/plan.js';
import type { Wanted } from '#ingest/plan/wanted.js';
import type { PopulateRequest } from '#ingest/run/request.js';
import { freeBytes } from '#platform/disk/space.js';
import type { FolderLayout } from '#store/folder/layout.js';

/** The plan does not fit the disk. Exit 6. */
export class DiskSpaceError extends Error {
  constructor(needed: number, free: number, folder: string, less = 'ask for fewer days') {
    const megabytes = (bytes: number): string => `${bytes.toLocaleString('en-US')} MB`;
    super(
      `the plan needs about ${megabytes(Math.ceil(needed / 1e6))} in ${folder}, and ${megabytes(Math.floor(free / 1e6))} are free: ` +
        `free some space, or ${less}`,
    );
    this.name = 'DiskSpaceError';
  }
}

/** Our copies are 10 to 15 % larger than the vendor's: a lighter compression, and small members. */
const COPY_FACTOR = 1.2;
/** Bytes of a series line, and tickers of a whole market. */
const LINE_BYTES = 50;
const MARKET_TICKERS = 12_000;

/** Estimated bytes. */
export function spaceNeeded(
  plan: readonly {
    readonly action: PlannedDay['action'];
    readonly object: { readonly size: number } | undefined;
  }[],
  { wishes, dataset }: Pick<PopulateRequest, 'wishes' | 'dataset'>,
  wanted: Wanted,
): number {
  const tickers = wanted === '*' ? MARKET_TICKERS : wanted.length;
  let bytes = 0;
  for (const { action, object } of plan) {
    // Too large for a day of this dataset: it is not going to be fetched.
    if (action === 'none' || (object?.size ?? 0) > dataset.maxObjectBytes) continue;
    if (wishes.archive && action === 'fetch')
      bytes += (object?.size ?? dataset.typicalObjectBytes) * COPY_FACTOR;
    if (wishes.series) bytes += Math.min(tickers, MARKET_TICKERS) * LINE_BYTES;
  }
  return Math.ceil(bytes);
}

/** Throws DiskSpaceError. */
export async function checkSpace(needed: number, layout: FolderLayout): Promise<void> {
  if (needed === 0) return;
  const free = await freeBytes(layout.archiveDir);
  if (free !== undefined && free < needed) throw new DiskSpaceError(needed, free, layout.archiveDir);
}
