/** A day's manifest of the highest generation, asked for now: what a writer decides by. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { BucketError } from './bucket-error.js';
import { manifestKey, manifestsPrefix, readManifestKey } from './keys.js';
import { type DayManifest, parseManifest } from './manifest.js';
import type { OpenBucket } from './open-bucket.js';

/** Undefined where the day has none. Throws BucketError where it cannot be read as one. */
export async function newestManifest(
  bucket: OpenBucket,
  dataset: string,
  day: IsoDay,
): Promise<DayManifest | undefined> {
  const { prefix } = bucket.place;
  const listed = await bucket.list(`${manifestsPrefix(prefix, dataset)}${day}/`);
  const generations = listed.flatMap(({ key }) => readManifestKey(prefix, dataset, key)?.generation ?? []);
  if (generations.length === 0) return undefined;
  return readGeneration(bucket, dataset, day, Math.max(...generations));
}

/** Throws BucketError where it is not there, or cannot be read. */
export async function readGeneration(
  bucket: OpenBucket,
  dataset: string,
  day: IsoDay,
  generation: number,
): Promise<DayManifest> {
  const key = manifestKey(bucket.place.prefix, dataset, day, generation);
  const name = bucket.nameOf(key);
  const found = parseManifest((await bucket.read(key)) ?? '', name);
  if (found?.day !== day || found.dataset !== dataset)
    throw new BucketError(`${name} is no manifest of ${dataset} ${day}`);
  return found;
}
