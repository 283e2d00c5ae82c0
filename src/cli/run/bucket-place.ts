/**
 * The bucket that `--archive-dir s3://bucket/prefix` names, from settings: endpoint, keys, cache folder. The keys
 * are the user's own, as AWS's tools find them: the vendor's are not sent to a bucket of the user's, nor these to
 * the vendor.
 */
import path from 'node:path';
import type { Environment } from '#cli/environment.js';
import type { Settings } from '#cli/settings/settings.js';
import { UsageError } from '#cli/usage-error.js';
import { SourceError } from '#platform/http/source-error.js';
import { type BucketPlace, readPlaceText } from '#store/bucket/place.js';

/** Requests in flight at once. */
const IN_FLIGHT = 32;
const DEFAULT_REGION = 'us-east-1';

/** `text`: begins with `s3:`. Throws UsageError, or SourceError where there are no keys. */
export async function bucketPlace(
  text: string,
  settings: Settings,
  environment: Environment,
): Promise<BucketPlace> {
  const named = readPlaceText(text);
  if (named === undefined) throw new UsageError(`"${text}" names no bucket: write s3://BUCKET/PREFIX.`);
  const { env, home } = environment;
  const { normalizeEndpoint, DEFAULT_ENDPOINT, VENDOR_PROFILE } = await import('#vendors/keys/endpoint.js');
  const { findCredentials } = await import('#vendors/keys/profile.js');
  const { proxyFor } = await import('./proxy.js');
  const flag = settings.text('storeEndpoint');
  const explicit = settings.text('storeProfile');
  const given = flag ?? (env['AWS_ENDPOINT_URL_S3'] || env['AWS_ENDPOINT_URL'] || undefined);
  const profile = explicit ?? (env['AWS_PROFILE'] || 'default');
  if (profile === VENDOR_PROFILE)
    throw new UsageError(
      `The profile ${VENDOR_PROFILE} holds the vendor's keys, and ${text} is a bucket of your own: name its profile with --store-profile.`,
    );
  const found = await findCredentials({
    env,
    home,
    profile,
    profileExplicit: explicit !== undefined,
    endpoint: given ?? AMAZON,
  });
  if (found === undefined)
    throw new SourceError(
      'unauthenticated',
      `no keys for ${text}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile of ~/.aws with --store-profile`,
    );
  if (found.profile === VENDOR_PROFILE && found.from !== 'environment')
    throw new UsageError(
      `${text} is a bucket of your own, and only the vendor's keys were found: name its profile with --store-profile.`,
    );
  const region = found.region ?? DEFAULT_REGION;
  const endpoint = normalizeEndpoint(given ?? found.endpoint ?? `https://s3.${region}.amazonaws.com`);
  if (endpoint === DEFAULT_ENDPOINT)
    throw new UsageError(
      `${endpoint} is the vendor's server, and ${text} a bucket of your own: name its server with --store-endpoint.`,
    );
  const { accessKeyId, secretAccessKey, sessionToken } = found;
  return {
    store: {
      endpoint,
      bucket: named.bucket,
      region,
      credentials: { accessKeyId, secretAccessKey, sessionToken },
      concurrency: IN_FLIGHT,
      proxy: (await proxyFor(endpoint, environment))?.url,
    },
    prefix: named.prefix,
    cacheDir: cacheFolder(environment),
  };
}

/** For the search of keys: any server of Amazon's takes keys of any kind. */
const AMAZON = 'https://s3.amazonaws.com';

/** `$XDG_CACHE_HOME/barloom`, by the XDG Base Directory Specification. */
function cacheFolder({ env, home, cwd }: Environment): string {
  const base = env['XDG_CACHE_HOME'] || path.join(home, '.cache');
  return path.resolve(cwd, base, 'barloom');
}
