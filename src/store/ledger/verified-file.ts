/**
 * .barloom.verified: what the last verify found, by dataset, for people who look later (report). Nothing
 * depends on it: it is not synced, a reader that cannot make sense of it goes without, and whoever deletes it
 * loses nothing else.
 */
import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { temporaryName, writeUnsyncedSync } from '#platform/disk/durable.js';
import { readWhole } from '#platform/disk/read-whole.js';

export const VERIFIED_FILE = '.barloom.verified';
const SCHEMA_VERSION = 1;
const MOST_BYTES = 16 << 20;

/** Of each kind of finding so many are kept. */
const MOST_FINDINGS = 200;

export interface Finding {
  readonly kind: string;
  readonly day?: string;
  readonly ticker?: string;
  readonly file?: string;
  readonly what: string;
}

export interface VerifiedDataset {
  /** ISO 8601: when the look ended. */
  readonly at: string;
  readonly deep: boolean;
  /** What was looked at; null: everything. */
  readonly range: { readonly start: string; readonly end: string } | null;
  readonly days: number;
  readonly series: number;
  /** All of them, and the first of them. */
  readonly damaged: number;
  readonly damage: readonly Finding[];
  readonly suspected: number;
  readonly suspicions: readonly Finding[];
}

/** The others stay as they are. Throws the disk's error. */
export async function writeVerified(
  dataDir: string,
  found: ReadonlyMap<string, VerifiedDataset>,
): Promise<void> {
  const file = path.join(dataDir, VERIFIED_FILE);
  const all = { ...(await readVerified(dataDir)) };
  for (const [dataset, one] of found)
    all[dataset] = {
      ...one,
      damage: one.damage.slice(0, MOST_FINDINGS),
      suspicions: one.suspicions.slice(-MOST_FINDINGS),
    };
  const temporary = temporaryName(file);
  const text = JSON.stringify({ schema_version: SCHEMA_VERSION, datasets: all });
  writeUnsyncedSync(temporary, Buffer.from(`${text}\n`));
  try {
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** By dataset; {} where there is none, or none that can be read. */
export async function readVerified(dataDir: string): Promise<Readonly<Record<string, VerifiedDataset>>> {
  try {
    const text = await readWhole(path.join(dataDir, VERIFIED_FILE), MOST_BYTES, 'refuse');
    const { schema_version: version, datasets } = Object(JSON.parse(text.toString('utf8')));
    if (version !== SCHEMA_VERSION) return {};
    return Object.fromEntries(
      Object.entries(Object(datasets) as Record<string, VerifiedDataset>).filter(([, one]) => isSound(one)),
    );
  } catch {
    return {};
  }
}

function isSound(one: unknown): boolean {
  const { at, deep, damage, suspicions, damaged, suspected, days, series } = Object(one);
  return (
    typeof at === 'string' &&
    typeof deep === 'boolean' &&
    [damaged, suspected, days, series].every((part) => typeof part === 'number') &&
    [damage, suspicions].every(
      (list) => Array.isArray(list) && list.every((item) => typeof Object(item).what === 'string'),
    )
  );
}
