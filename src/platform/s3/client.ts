/**
 * The AWS SDK set up for a server that is S3-compatible but not Amazon: explicit endpoint, bucket in the
 * path, checksums only when required, one attempt. Values that the SDK would look for in the environment or
 * in ~/.aws are all given. It makes the listings; gets take its signer and its connections only (get.ts).
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { ListObjectsV2CommandOutput, S3ClientConfig } from '@aws-sdk/client-s3';
import { type GetRequest, getWith } from './get.js';
import { limitAnswer } from './limit-answer.js';
import { watchServerClock } from './server-clock.js';
import type { S3Settings } from './settings.js';

/** No connection after this long: give up on it, in ms. */
const CONNECTION_TIMEOUT_MS = 10_000;
/**
 * No byte on a connection under way for this long: break it, in ms. A slow drip is the watchdog's business.
 */
const SOCKET_TIMEOUT_MS = 60_000;
/**
 * Carries a request's AbortSignal through the SDK's middleware, which copies inputs but knows nothing of this
 * key.
 */
const SIGNAL = Symbol('signal');
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** The two requests that are made. A listing in the SDK's own terms, errors included; a get as plain HTTP. */
export interface S3Connection {
  list(
    prefix: string,
    continuationToken: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<ListObjectsV2CommandOutput>;
  readonly get: GetRequest;
  close(): void;
}

export async function connectS3(settings: S3Settings): Promise<S3Connection> {
  const { S3Client, ListObjectsV2Command } = await import('./sdk.js');
  const { transport, config, close } = await clientParts(settings);
  const client = new S3Client(config);

  watchServerClock(client.config, settings.onClockOff);

  client.middlewareStack.add(
    () => async (args) => {
      const abortSignal: unknown = Reflect.get(args.input, SIGNAL);
      const handed = abortSignal instanceof AbortSignal ? { abortSignal } : {};
      const answer = await client.config.requestHandler.handle(args.request as never, handed);
      return limitAnswer(answer, `LIST ${String(Reflect.get(args.input, 'Prefix'))}`);
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
        // XML cannot hold every key; a server that knows nothing of it says nothing of it in its answer.
        EncodingType: 'url' as const,
        [SIGNAL]: signal,
      };
      return client.send(new ListObjectsV2Command(input));
    },
    get: getWith(client, settings, transport),
    close: () => {
      client.destroy(); // which knows of the agents only after a listing
      close();
    },
  };
}

/** What any client of the server is made with. */
export async function clientParts(settings: S3Settings) {
  const pool = {
    keepAlive: true,
    maxSockets: Math.max(8, 2 * settings.concurrency),
    scheduling: 'lifo' as const,
  };
  const agents =
    settings.proxy === undefined
      ? { httpAgent: new HttpAgent(pool), httpsAgent: new HttpsAgent(pool) }
      : (await import('#platform/http/proxy-agents.js')).proxyAgents(settings.proxy, pool);
  const transport = {
    agent: settings.endpoint.startsWith('https:') ? agents.httpsAgent : agents.httpAgent,
    connectionTimeoutMs: CONNECTION_TIMEOUT_MS,
    socketTimeoutMs: SOCKET_TIMEOUT_MS,
  };
  const config = {
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
    // Resolving the middleware stack anew costs 0.2 ms of CPU a request. The SDK caches it only for calls
    // without options, so the abort signal travels beside the command (see below) instead of in the options.
    cacheMiddleware: true,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      socketTimeout: SOCKET_TIMEOUT_MS,
      ...agents,
      logger: SILENT,
    },
  } satisfies S3ClientConfig;
  const close = (): void => {
    for (const agent of Object.values(agents)) agent.destroy();
  };
  return { transport, config, close };
}
