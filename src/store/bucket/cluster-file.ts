/** `cluster.json`: what a bucket is filled from, and by which queue. Only ever created. */
import * as v from 'valibot';
import type { SourceIdentity } from '#platform/source-identity.js';
import { BucketError } from './bucket-error.js';
import { clusterKey } from './keys.js';
import type { OpenBucket } from './open-bucket.js';

const CLUSTER_FORMAT = 1;

const clusterFile = v.object({
  format: v.literal(CLUSTER_FORMAT),
  source: v.object({ endpoint: v.string(), bucket: v.string() }),
  /** Without user and password. */
  queue: v.optional(v.string()),
  writtenBy: v.string(),
  writtenAt: v.string(),
});

export interface Cluster {
  readonly source: SourceIdentity;
  readonly queue: string | undefined;
}

export type ClusterFile = v.InferOutput<typeof clusterFile>;

export function renderCluster(of: ClusterFile): string {
  return `${JSON.stringify(of, null, 2)}\n`;
}

/** Throws BucketError where it is lacking, or no such file, or a newer barloom's. */
export async function readCluster(bucket: OpenBucket): Promise<Cluster> {
  const key = clusterKey(bucket.place.prefix);
  const name = bucket.nameOf(key);
  const text = await bucket.read(key);
  if (text === undefined)
    throw new BucketError(`${name} is not there: barloom cluster init makes the bucket ready`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BucketError(`${name} is no JSON: it was not written by barloom`);
  }
  const { format } = Object(value) as { readonly format?: unknown };
  if (typeof format === 'number' && format > CLUSTER_FORMAT)
    throw new BucketError(
      `${name}: its format is ${format} and this barloom knows ${CLUSTER_FORMAT}: use a newer barloom`,
    );
  const found = v.safeParse(clusterFile, value);
  if (!found.success) throw new BucketError(`${name} is not what barloom cluster init writes`);
  return { source: found.output.source, queue: found.output.queue };
}
