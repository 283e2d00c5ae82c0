/**
 * From settings to a guarded source: keys, endpoint, wrappers. Nothing is loaded or asked before the source
 * is opened.
 */
import { debuglog } from 'node:util';
import type { Environment } from '#cli/environment.js';
import type { Settings } from '#cli/settings/settings.js';
import type { SourceReports } from '#ingest/run/request.js';
import type { RequestCounters } from '#platform/guard/counting.js';
import type { RetryPolicy } from '#platform/guard/retry.js';
import { SourceError } from '#platform/http/source-error.js';
import { guardSource } from '#platform/s3/guard-source.js';
import type { Source } from '#platform/s3/port.js';
import { normalizeEndpoint, resolveEndpoint, VENDOR_PROFILE } from '#vendors/keys/endpoint.js';
import { findCredentials } from '#vendors/keys/profile.js';
import { warnOfPlainHttp } from './plain-http.js';
import { proxyFor } from './proxy.js';

/**
 * 20 s for headers or a listing, 15 s of silence, or less than 2 kB a second over 30 s: then a fresh
 * connection is better.
 */
const WATCHDOG = { headersMs: 20_000, stallMs: 15_000, minBytesPerSecond: 2000, windowMs: 30_000 } as const;

export interface VendorSettings {
  readonly endpoint: string;
  readonly bucket: string;
  /** Throws SourceError: without keys, or with half of them. */
  readonly open: (report?: SourceReports) => Promise<Source>;
}

/**
 * Resolves keys and endpoint; throws SourceError 'configuration' or 'unauthenticated' where they are wrong
 * rather than missing.
 */
export async function vendorSettings(
  settings: Settings,
  environment: Environment,
  connection: {
    readonly counters: RequestCounters;
    readonly retry: RetryPolicy;
    readonly concurrency: number;
  },
): Promise<VendorSettings & { readonly hasKeys: boolean }> {
  const profile = settings.text('profile') ?? VENDOR_PROFILE;
  const flag = settings.text('endpoint');
  const bucket = settings.text('bucket') ?? 'flatfiles';
  const rateLimit = settings.rate('rateLimit');
  const bandwidth = settings.bytes('bwlimit');
  const isFolder = flag?.startsWith('file:') === true;
  const credentials = isFolder
    ? undefined
    : await findCredentials({
        env: environment.env,
        home: environment.home,
        profile,
        profileExplicit: settings.origin('profile') !== 'default',
        endpoint: flag,
      });
  const { endpoint } = resolveEndpoint({
    flag,
    env: environment.env,
    profileEndpoint: credentials?.endpoint,
  });
  const guard = (source: Source, report: SourceReports | undefined): Source =>
    guardSource(source, {
      retry: connection.retry,
      maxConcurrency: connection.concurrency,
      rateLimit,
      bandwidth,
      watchdog: WATCHDOG,
      counters: connection.counters,
      now: environment.clock,
      onWholeRetry: report?.onListRetry,
    });
  return {
    endpoint: normalizeEndpoint(endpoint),
    bucket,
    hasKeys: isFolder || credentials !== undefined,
    open: async (report) => {
      if (!isFolder && credentials === undefined) throw noKeys(profile);
      if (!isFolder) refuseToBeWatched();
      warnOfPlainHttp(endpoint, environment);
      const { openSource } = await import('#vendors/flatfiles/open-source.js');
      const { concurrency } = connection;
      const proxy = (await proxyFor(endpoint, environment))?.url;
      return guard(
        await openSource({
          ...{ endpoint, bucket, region: credentials?.region, credentials, concurrency, proxy },
          onClockOff: report?.onClockOff,
        }),
        report,
      );
    },
  };
}

export function noKeys(profile: string): SourceError {
  return new SourceError(
    'unauthenticated',
    `no keys: put the S3 access key and secret into [${profile}] of ~/.aws/credentials (two lines below it: aws_access_key_id = … and aws_secret_access_key = …), or set ` +
      'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; --sandbox needs none',
  );
}

/**
 * Node's own tracing writes every signed request to stderr, key id and session token in it, and cannot be
 * silenced from here.
 */
function refuseToBeWatched(): void {
  if (!debuglog('http').enabled && !debuglog('net').enabled) return;
  throw new SourceError(
    'configuration',
    'NODE_DEBUG makes Node write signed requests to stderr, keys in them: unset it, or leave http and net out of it.',
  );
}
