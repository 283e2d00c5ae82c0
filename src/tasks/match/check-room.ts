/** Whether what a run is going to write has room, before it begins. */
import { freeBytes } from '#platform/disk/space.js';
import { DiskSpaceError } from '#tasks/space-needed.js';
import { bytesOf, type PlannedSource } from './plan-sources.js';
import type { MatchRequest } from './request.js';

/**
 * Throws DiskSpaceError. A price file is never larger than its source, and stands beside the one it replaces
 * for a while.
 */
export async function checkRoom(planned: readonly PlannedSource[], { places }: MatchRequest): Promise<void> {
  const needed = bytesOf(planned.filter(({ task }) => task !== undefined && task.settledFor === undefined));
  if (needed === 0) return;
  const free = await freeBytes(places.pricesDir);
  if (free !== undefined && free < needed)
    throw new DiskSpaceError(needed, free, places.pricesDir, 'say with --prices-dir where there is more');
}
