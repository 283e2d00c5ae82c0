/**
 * A bucket as whoever fills it wants it: small objects read whole, objects created once, files put. Truth is in
 * the bucket alone; nothing here is kept.
 */

import { collect } from '#platform/guard/collect.js';
import { createCounters } from '#platform/guard/counting.js';
import { DEFAULT_WATCHDOG } from '#platform/guard/guard.js';
import { type RetryPolicy, retry } from '#platform/guard/retry.js';
import { SourceError } from '#platform/http/source-error.js';
import { guardSource } from '#platform/s3/guard-source.js';
import type { ListedObject, ObjectStream } from '#platform/s3/port.js';
import { openS3 } from '#platform/s3/s3-source.js';
import { type BucketWriter, openWriter } from '#platform/s3/writer.js';
import { type BucketPlace, placeText } from './place.js';

export interface OpenBucket extends BucketWriter {
  readonly place: BucketPlace;
  /** `s3://bucket/key` */
  nameOf(key: string): string;
  list(prefix: string): Promise<readonly ListedObject[]>;
  /** Undefined where there is none. */
  read(key: string): Promise<string | undefined>;
  /** From `start` to below `end`. */
  readPart(key: string, start: number, end: number): Promise<Uint8Array>;
  /** From its first byte on, to be consumed or cancelled. */
  get(key: string): Promise<ObjectStream>;
}

/** Far more than a plan of a hundred thousand days has. */
const MOST_BYTES = 64 << 20;

/** All of it throws SourceError, or the signal's reason. `clock`: monotonic, ms. */
export async function openBucket(
  place: BucketPlace,
  policy: RetryPolicy,
  clock: () => number,
): Promise<OpenBucket> {
  const { signal } = policy;
  const [writer, bare] = await Promise.all([openWriter(place.store, policy), openS3(place.store)]);
  const source = guardSource(bare, {
    retry: policy,
    maxConcurrency: place.store.concurrency,
    watchdog: DEFAULT_WATCHDOG,
    counters: createCounters(),
    now: clock,
  });
  return {
    ...writer,
    place,
    nameOf: (key) => `${placeText({ store: place.store, prefix: '' })}/${key}`,
    list: (prefix) => source.list(prefix, { signal }),
    read: async (key) => {
      try {
        const bytes = await retry(
          async () => collect(await source.get(key, { signal }), { maxBytes: MOST_BYTES }),
          policy,
        );
        return Buffer.from(bytes).toString('utf8');
      } catch (error) {
        if (error instanceof SourceError && error.kind === 'not-found') return undefined;
        throw error;
      }
    },
    readPart: (key, start, end) =>
      retry(
        async () => collect(await source.get(key, { signal, start, end }), { maxBytes: end - start }),
        policy,
      ),
    get: (key) => source.get(key, { signal }),
    close: () => {
      writer.close();
      source.close();
    },
  };
}
