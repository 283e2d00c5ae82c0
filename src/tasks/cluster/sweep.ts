/** Removes what crashes and lost races left in a bucket: attempts that no manifest names, once they are old. */

import pLimit from 'p-limit';
import { BucketError } from '#store/bucket/bucket-error.js';
import { allAttemptsPrefix, allManifestsPrefix, datasetOfKey, readManifestKey } from '#store/bucket/keys.js';
import { parseManifest } from '#store/bucket/manifest.js';
import type { OpenBucket } from '#store/bucket/open-bucket.js';

export interface SweepRequest {
  /** Only what is older, in ms: a younger one may be of an attempt that is under way. */
  readonly olderThanMs: number;
  readonly now: Date;
  readonly dryRun: boolean;
}

export interface SweepResult {
  readonly objects: number;
  readonly bytes: number;
  /** Named by no manifest either, and young. */
  readonly young: number;
  /** Named by a manifest of an earlier generation than the newest. */
  readonly superseded: number;
}

const READ_AT_ONCE = 16;

/**
 * Manifests are listed after the attempts: one that is committed in between is named by then. Of a replaced day
 * the earlier generation's file stays, since somebody may be reading it; with `superseded` it is told. Throws
 * SourceError, or BucketError for a manifest of a newer barloom's, which may name what this one does not know of.
 */
export async function sweepBucket(
  { olderThanMs, now, dryRun }: SweepRequest,
  bucket: OpenBucket,
): Promise<SweepResult> {
  const { prefix } = bucket.place;
  const attempts = await bucket.list(allAttemptsPrefix(prefix));
  const named = await namedByManifests(bucket);
  const unnamed = attempts.filter(({ key }) => !named.all.has(key));
  // Of what has no time nobody knows whether it is under way.
  const old = unnamed.filter(
    ({ lastModified }) => lastModified !== undefined && lastModified.getTime() <= now.getTime() - olderThanMs,
  );
  if (!dryRun) await bucket.remove(old.map(({ key }) => key));
  return {
    objects: old.length,
    bytes: old.reduce((sum, { size }) => sum + size, 0),
    young: unnamed.length - old.length,
    superseded: attempts.filter(({ key }) => named.superseded.has(key)).length,
  };
}

interface Named {
  readonly all: ReadonlySet<string>;
  readonly superseded: ReadonlySet<string>;
}

async function namedByManifests(bucket: OpenBucket): Promise<Named> {
  const { prefix } = bucket.place;
  const start = allManifestsPrefix(prefix);
  const limit = pLimit(READ_AT_ONCE);
  const all = new Set<string>();
  const newest = new Map<string, { readonly generation: number; readonly keys: readonly string[] }>();
  await Promise.all(
    (await bucket.list(start)).map(({ key }) =>
      limit(async () => {
        const manifest = parseManifest((await bucket.read(key)) ?? '', bucket.nameOf(key));
        const dataset = datasetOfKey(start, key, 2);
        const place = dataset === undefined ? undefined : readManifestKey(prefix, dataset, key);
        if (manifest === undefined || place === undefined)
          throw new BucketError(
            `${bucket.nameOf(key)} is no manifest, and may name anything: nothing was removed`,
          );
        const keys = [manifest.archive.key, manifest.archive.tocKey];
        for (const one of keys) all.add(one);
        const day = `${dataset} ${place.day}`;
        const before = newest.get(day);
        if (before === undefined || before.generation < place.generation)
          newest.set(day, { generation: place.generation, keys });
      }),
    ),
  );
  const current = new Set([...newest.values()].flatMap(({ keys }) => keys));
  return { all, superseded: new Set([...all].filter((key) => !current.has(key))) };
}
