/**
 * The AWS SDK set up for a server that is S3-compatible but not Amazon: explicit endpoint, bucket in the path, checksums
 * only when required, one attempt. Values that the SDK would look for in the environment or in ~/.aws are all given.
 */
import { createRequire } from 'node:module';
import type { Readable } from 'node:stream';
import type { GetObjectCommandOutput, ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import type { S3Settings } from './s3.js';

type Sdk = typeof import('@aws-sdk/client-s3');
/** The SDK's CommonJS form loads in half the time of its many ES modules. */
const require = createRequire(import.meta.url);

/** No connection after this long: give up on it, in ms. */
const CONNECTION_TIMEOUT_MS = 10_000;
/** No byte on a connection under way for this long: break it, in ms. A slow drip is the watchdog's business. */
const SOCKET_TIMEOUT_MS = 60_000;
/** Carries a request's AbortSignal through the SDK's middleware, which copies inputs but knows nothing of this key. */
const SIGNAL = Symbol('signal');
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** The two requests that are made, in the SDK's own terms; errors are the SDK's. */
export interface S3Wire {
  list(
    prefix: string,
    continuationToken: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<ListObjectsV2CommandOutput>;
  get(
    key: string,
    start: number,
    ifMatch: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Omit<GetObjectCommandOutput, 'Body'> & { readonly Body?: Readable }>;
  close(): void;
}

export async function connectS3(settings: S3Settings): Promise<S3Wire> {
  const { S3Client, GetObjectCommand, ListObjectsV2Command } = require('@aws-sdk/client-s3') as Sdk;
  const agent = {
    keepAlive: true,
    maxSockets: Math.max(8, 2 * settings.concurrency),
    scheduling: 'lifo' as const,
  };
  const client = new S3Client({
    endpoint: settings.endpoint,
    region: settings.region,
    credentials: {
      accessKeyId: settings.credentials.accessKeyId,
      secretAccessKey: settings.credentials.secretAccessKey,
      ...(settings.credentials.sessionToken === undefined
        ? {}
        : { sessionToken: settings.credentials.sessionToken }),
    },
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'standard',
    followRegionRedirects: false,
    useArnRegion: false,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    disableS3ExpressSessionAuth: true,
    authSchemePreference: ['sigv4'],
    sigv4aSigningRegionSet: [settings.region],
    disableClockSkewCorrection: false,
    userAgentAppId: 'barloom',
    logger: SILENT,
    // Resolving the middleware stack anew costs 0.2 ms of CPU a request. The SDK caches it only for calls without
    // options, so the abort signal travels beside the command (see below) instead of in the options.
    cacheMiddleware: true,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      socketTimeout: SOCKET_TIMEOUT_MS,
      httpAgent: agent,
      httpsAgent: agent,
      logger: SILENT,
    },
  });

  client.middlewareStack.add(
    (next) => async (args) => {
      const abortSignal: unknown = Reflect.get(args.input, SIGNAL);
      return abortSignal instanceof AbortSignal
        ? client.config.requestHandler.handle(args.request as never, { abortSignal })
        : next(args);
    },
    { step: 'deserialize', priority: 'low', name: 'abortSignalOfInput' },
  );

  return {
    list: (prefix, continuationToken, signal) => {
      const input = {
        Bucket: settings.bucket,
        Prefix: prefix,
        ContinuationToken: continuationToken,
        MaxKeys: settings.pageSize,
        [SIGNAL]: signal,
      };
      return client.send(new ListObjectsV2Command(input));
    },
    get: async (key, start, ifMatch, signal) => {
      const input = {
        Bucket: settings.bucket,
        Key: key,
        Range: start > 0 ? `bytes=${start}-` : undefined,
        IfMatch: ifMatch === undefined ? undefined : `"${ifMatch}"`,
        [SIGNAL]: signal,
      };
      // On Node the SDK's body is the response itself, an IncomingMessage.
      return (await client.send(new GetObjectCommand(input))) as Awaited<ReturnType<S3Wire['get']>>;
    },
    close: () => client.destroy(),
  };
}
