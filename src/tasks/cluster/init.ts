/**
 * Makes a bucket ready to be filled by many: tries what correctness rests on, refuses a store that lacks it, by
 * name, and writes what it is filled from.
 */

import { sameSource, sourceText } from '#market/datasets/same-source.js';
import type { SourceIdentity } from '#platform/source-identity.js';
import { BucketError } from '#store/bucket/bucket-error.js';
import { type Cluster, readCluster, renderCluster } from '#store/bucket/cluster-file.js';
import { clusterKey } from '#store/bucket/keys.js';
import type { OpenBucket } from '#store/bucket/open-bucket.js';

export interface InitRequest {
  readonly source: SourceIdentity;
  /** Without user and password. */
  readonly queue: string | undefined;
  readonly writtenBy: string;
  readonly now: Date;
  /** A name that no other has. */
  readonly attempt: string;
}

export interface InitResult {
  readonly created: boolean;
  readonly cluster: Cluster;
  readonly checked: readonly string[];
}

/** Throws BucketError, or SourceError. */
export async function initCluster(request: InitRequest, bucket: OpenBucket): Promise<InitResult> {
  const { source, queue, writtenBy, now } = request;
  const checked = await probe(bucket, request.attempt);
  const key = clusterKey(bucket.place.prefix);
  const file = {
    format: 1,
    source: { endpoint: source.endpoint, bucket: source.bucket },
    ...(queue === undefined ? {} : { queue }),
    writtenBy,
    writtenAt: now.toISOString(),
  } as const;
  const made = await bucket.create(key, Buffer.from(renderCluster(file)));
  const cluster = await readCluster(bucket);
  if (!sameSource(cluster.source, source))
    throw new BucketError(
      `${bucket.nameOf(key)}: the bucket is filled from ${sourceText(cluster.source)}, not from ${sourceText(source)}: give another prefix`,
    );
  if (queue !== undefined && cluster.queue !== queue)
    throw new BucketError(
      `${bucket.nameOf(key)} names ${cluster.queue ?? 'no queue'}: it is never changed; say --queue with each command, or give another prefix`,
    );
  return { created: made === 'created', cluster, checked };
}

const TEXT = 'what was there first';

/** What it found, in words. Throws BucketError where the store lacks something. */
async function probe(bucket: OpenBucket, attempt: string): Promise<readonly string[]> {
  const start = `${bucket.place.prefix}probe/${attempt}`;
  const [one, many] = [`${start}/one`, `${start}/many`];
  const lacks = (what: string): never => {
    throw new BucketError(`${bucket.nameOf(start)}: the store cannot be used: ${what}`);
  };
  try {
    if ((await bucket.create(one, Buffer.from(TEXT))) !== 'created')
      lacks('a PUT with If-None-Match: * of a new key is answered 412');
    if ((await bucket.create(one, Buffer.from('what came second'))) !== 'exists')
      lacks('it ignores If-None-Match: * on PUT, and two machines would overwrite each other');
    if ((await bucket.read(one)) !== TEXT) lacks('an object is not as it was written');
    const part = await bucket.readPart(one, 5, 8);
    if (Buffer.from(part).toString() !== TEXT.slice(5, 8)) lacks('it ignores Range on GET');
    await bucket.putParts(many, textOnce());
    if ((await bucket.read(many)) !== TEXT) lacks('a multipart upload is not as it was written');
    const listed = await bucket.list(`${start}/`);
    if (listed.length !== 2)
      lacks(`a listing tells of ${listed.length} of 2 objects just after they were written`);
  } finally {
    await bucket.remove([one, many]);
  }
  return ['conditional PUT', 'ranged GET', 'multipart upload', 'LIST after PUT', 'DELETE'];
}

async function* textOnce(): AsyncGenerator<Uint8Array> {
  yield Buffer.from(TEXT);
}
