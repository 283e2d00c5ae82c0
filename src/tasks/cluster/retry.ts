/** Forgets what went wrong with days, so that they are tried again. */
import { allFailuresPrefix, datasetOfKey, readFailureKey } from '#store/bucket/keys.js';
import type { OpenBucket } from '#store/bucket/open-bucket.js';

export interface Forgotten {
  readonly dataset: string;
  readonly days: readonly string[];
}

/** `datasets`: only these; undefined: all. Throws SourceError. */
export async function forgetFailures(
  datasets: ReadonlySet<string> | undefined,
  bucket: OpenBucket,
): Promise<readonly Forgotten[]> {
  const { prefix } = bucket.place;
  const start = allFailuresPrefix(prefix);
  const found = (await bucket.list(start)).flatMap(({ key }) => {
    const dataset = datasetOfKey(start, key, 2);
    const failure = dataset === undefined ? undefined : readFailureKey(prefix, dataset, key);
    return dataset === undefined || failure === undefined || datasets?.has(dataset) === false
      ? []
      : [{ dataset, key, day: failure.day }];
  });
  await bucket.remove(found.map(({ key }) => key));
  return [...new Set(found.map(({ dataset }) => dataset))].sort().map((dataset) => ({
    dataset,
    days: [...new Set(found.filter((one) => one.dataset === dataset).map(({ day }) => day))].sort(),
  }));
}
