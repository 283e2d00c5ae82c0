/**
 * Gives the price files of a run their names, all behind one barrier, and takes away those that nobody wants
 * any more.
 */
import { renameSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { makeDurable, syncFolder, temporaryName } from '#platform/disk/durable.js';
import { dropTemporaries } from './read-prices.js';

export interface PriceChanges {
  /** Final names of what lies under temporary ones. */
  readonly written: readonly string[];
  readonly unwanted: readonly string[];
}

/** `checkLock`: the last word before anything has its name. No temporary file stays where this throws. */
export async function publishPrices(
  { written, unwanted }: PriceChanges,
  checkLock: () => Promise<void>,
): Promise<void> {
  if (written.length + unwanted.length === 0) return;
  try {
    await makeDurable(written.map(temporaryName));
    await checkLock();
    for (const file of written) renameSync(temporaryName(file), file);
  } catch (error) {
    await dropTemporaries(written);
    throw error;
  }
  for (const file of unwanted) await rm(file, { force: true });
  for (const folder of new Set([...written, ...unwanted].map((file) => path.dirname(file))))
    await syncFolder(folder);
}
