/** The objects of a bucket as its readers want them: listed, in parts, and what is small out of the cache. */
import path from 'node:path';
import {
  type Asked,
  type ObjectPart,
  type ObjectsThread,
  openObjectsThread,
} from '#platform/s3/objects-thread.js';
import type { ListedObject } from '#platform/s3/port.js';
import { openCache } from './cache.js';
import { type BucketPlace, placeText } from './place.js';

export interface BucketObjects extends Pick<ObjectsThread, 'ask' | 'take'> {
  readonly place: BucketPlace;
  /** Tells this bucket from all others. */
  readonly name: string;
  /** `s3://bucket/key` */
  nameOf(key: string): string;
  list(prefix: string): readonly ListedObject[];
  /** Of each its bytes, or why not; those with a name come out of the cache where they are there, and go into it. */
  cached(wishes: readonly CachedWish[]): readonly (Uint8Array | Error)[];
}

export interface CachedWish {
  readonly key: string;
  /** Hex, of what cannot change; undefined: it is not kept. */
  readonly name: string | undefined;
  readonly maxBytes: number;
  /** Whether it may be kept: what is not as it should be is not. */
  readonly isSound?: (bytes: Uint8Array) => boolean;
}

export type { Asked, ObjectPart };

/** One thread a server and bucket, however many folders are opened. */
const threads = new Map<string, ObjectsThread>();

export function openObjects(place: BucketPlace): BucketObjects {
  const { store, prefix, cacheDir } = place;
  const name = `${store.endpoint} ${store.bucket} ${prefix}`;
  const reached = JSON.stringify([store.endpoint, store.bucket, store.credentials.accessKeyId, store.proxy]);
  const thread = (): ObjectsThread => {
    const found = threads.get(reached) ?? openObjectsThread(store);
    threads.set(reached, found);
    return found;
  };
  const cache = openCache(path.join(cacheDir, 'archive'));
  return {
    place,
    name,
    nameOf: (key) => `${placeText({ store, prefix: '' })}/${key}`,
    ask: (parts) => thread().ask(parts),
    take: (asked) => thread().take(asked),
    list: (listed) => thread().list([listed])[0] ?? [],
    cached: (wishes) => {
      const found = wishes.map((wish) => (wish.name === undefined ? undefined : cache.get(wish.name)));
      const lacking = wishes.filter((_, i) => found[i] === undefined);
      if (lacking.length === 0) return found as readonly Uint8Array[];
      const got = thread().take(thread().ask(lacking.map(({ key, maxBytes }) => ({ key, maxBytes }))));
      for (const [i, { name: kept, isSound }] of lacking.entries()) {
        const bytes = got[i];
        if (kept !== undefined && bytes instanceof Uint8Array && isSound?.(bytes) !== false)
          cache.put(kept, bytes);
      }
      let next = 0;
      return found.map((bytes) => bytes ?? (got[next++] as Uint8Array | Error));
    },
  };
}
