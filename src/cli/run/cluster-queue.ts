/**
 * Which queue a command of `cluster` means, and the password for it: `--queue`, BARLOOM_QUEUE_URL, or what
 * `cluster init` was told. A password comes from the environment or the user's credentials file alone.
 */
import type { Invocation } from '#cli/invocation.js';
import { queueUrl } from '#cli/options/queue-url.js';
import { UsageError } from '#cli/usage-error.js';
import type { QueueTarget } from '#platform/queue/engine.js';
import { readCluster } from '#store/bucket/cluster-file.js';
import type { OpenBucket } from '#store/bucket/open-bucket.js';
import { credentialsSection } from '#vendors/keys/credentials-file.js';

const PORT = 6379;

/** Undefined where none was named. Throws UsageError, BucketError, or SourceError. */
export async function clusterQueue(
  { flags, environment }: Pick<Invocation, 'flags' | 'environment'>,
  bucket: OpenBucket,
): Promise<QueueTarget | undefined> {
  const { env, home } = environment;
  const named = queueUrl(flags['queue'], env) ?? queueUrl((await readCluster(bucket)).queue, env);
  if (named === undefined) return undefined;
  const { shown } = named;
  const url = new URL(named.url);
  const section = await credentialsSection({ env, home }, 'queue');
  const text = (...of: readonly (string | undefined)[]): string | undefined =>
    of.find((one) => one !== undefined && one !== '');
  const [, database = '0', ...more] = url.pathname.split('/');
  if (more.length > 0 || !/^\d*$/.test(database))
    throw new UsageError(`${shown}: behind the / stands the number of a database, such as 0.`);
  return {
    shown,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? PORT : Number(url.port),
    database: Number(database),
    tls: url.protocol === 'rediss:',
    username: text(decodeURIComponent(url.username), section?.get('username')),
    password: text(decodeURIComponent(url.password), env['REDISCLI_AUTH'], section?.get('password')),
  };
}

/** Throws UsageError where none was named. */
export async function requiredQueue(
  invocation: Pick<Invocation, 'flags' | 'environment'>,
  bucket: OpenBucket,
): Promise<QueueTarget> {
  const target = await clusterQueue(invocation, bucket);
  if (target === undefined)
    throw new UsageError('Which queue? Give --queue redis://HOST:6379, or set BARLOOM_QUEUE_URL.');
  return target;
}
