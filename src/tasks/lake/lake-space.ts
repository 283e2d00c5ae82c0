/** Room for a build, looked at before it begins. */
import { freeBytes } from '#platform/disk/space.js';
import { DiskSpaceError } from '#tasks/space-needed.js';

/** Parquet of a day is about as large as its archive file, stamps twice, months sorted by ticker. */
const LAKE_PER_ARCHIVE = 1.3;

/** Estimated bytes of the lake's files for so many of the archive's. */
export function lakeBytes(archiveBytes: number): number {
  return Math.ceil(archiveBytes * LAKE_PER_ARCHIVE);
}

/** Throws DiskSpaceError. */
export async function checkLakeSpace(archiveBytes: number, dataDir: string): Promise<void> {
  const needed = lakeBytes(archiveBytes);
  const free = await freeBytes(dataDir);
  if (needed > 0 && free !== undefined && free < needed) throw new DiskSpaceError(needed, free, dataDir);
}
