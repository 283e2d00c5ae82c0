/** What the commands of `cluster` begin with: the bucket, the vendor, and a name for what they write. */
import os from 'node:os';
import path from 'node:path';
import type { Invocation } from '#cli/invocation.js';
import { workersOf } from '#cli/settings/workers.js';
import { UsageError } from '#cli/usage-error.js';
import { version } from '#cli/version.js';
import type { Source } from '#platform/s3/port.js';
import { type Manifests, openManifests } from '#store/bucket/manifests.js';
import { openObjects } from '#store/bucket/objects.js';
import { type OpenBucket, openBucket } from '#store/bucket/open-bucket.js';
import type { BucketPlace } from '#store/bucket/place.js';
import type { RunRequest } from '#tasks/cluster/run.js';
import { type Connection, openConnection } from './connection.js';
import { type CommandContext, commandContext } from './context.js';

export interface ClusterTools {
  readonly context: CommandContext;
  readonly place: BucketPlace;
  readonly bucket: OpenBucket;
  readonly connection: Connection;
  /** `barloom 1.2.3 on host`. */
  readonly writtenBy: string;
  readonly manifestsOf: (dataset: string) => Manifests;
  /** The vendor, opened once. */
  readonly source: () => Promise<Source>;
}

/** Runs `body` and closes what it opened. Throws UsageError, SourceError, and what `body` throws. */
export async function withCluster<T>(
  invocation: Invocation,
  body: (tools: ClusterTools) => Promise<T>,
): Promise<T> {
  const { environment, args } = invocation;
  const [named, ...more] = args;
  if (more.length > 0 || (named !== undefined && !/^s3:/i.test(named)))
    throw new UsageError(`${more[0] ?? named}: one bucket is wanted, s3://BUCKET/PREFIX.`);
  const flags = named === undefined ? invocation.flags : { ...invocation.flags, archiveDir: named };
  const context = await commandContext({ flags, environment }, 'anywhere');
  const { bucket: place } = context.layout;
  if (place === undefined)
    throw new UsageError('Which bucket? Name it, s3://BUCKET/PREFIX, or say it with BARLOOM_ARCHIVE_DIR.');
  const connection = await openConnection(context, { flags, environment });
  const bucket = await openBucket(place, connection.retry, environment.clock);
  let opened: Promise<Source> | undefined;
  try {
    return await body({
      context,
      place,
      bucket,
      connection,
      writtenBy: `barloom ${version()} on ${os.hostname()}`,
      manifestsOf: (dataset) => openManifests(openObjects(place), dataset),
      source: () => {
        opened ??= connection.openSource();
        return opened;
      },
    });
  } finally {
    await opened?.then(
      (source) => source.close(),
      () => undefined,
    );
    bucket.close();
    await connection.close();
  }
}

export function runRequest(
  { flags, environment }: Pick<Invocation, 'flags' | 'environment'>,
  { context }: Pick<ClusterTools, 'context'>,
): RunRequest {
  const given = flags['scratch'] === undefined ? os.tmpdir() : String(flags['scratch']);
  return {
    workers: workersOf(context.settings, environment),
    scratch: path.resolve(environment.cwd, given),
    pid: process.pid,
  };
}
