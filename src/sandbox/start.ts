/**
 * Starts a sandbox: the synthetic market behind an S3-compatible server on loopback, in this thread or in a
 * worker of its own.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { addDays } from '#market/calendar/iso-day.js';
import { subMonthsClamped } from '#market/calendar/months.js';
import { dayIn } from '#market/calendar/zone.js';
import { sandboxDatasets } from '#sandbox/market/datasets.js';
import { SANDBOX_TICKERS } from '#sandbox/market/ticker-list.js';
import { startRest } from '#sandbox/rest/start-rest.js';
import { createBucket } from '#sandbox/s3/bucket.js';
import { largeObjects } from '#sandbox/s3/large-objects.js';
import { createS3Server } from '#sandbox/s3/s3-server.js';
import {
  DEFAULT_MISSING,
  DEFAULT_TICKERS,
  DEFAULT_TRUE_ROWS,
  type RunningSandbox,
  SANDBOX_CREDENTIALS,
  SANDBOX_REST_KEY,
  type SandboxOptions,
} from './options.js';
import { startWorkerSandbox } from './worker-sandbox.js';

const DEFAULT_CACHE_BYTES = 96 * 1024 * 1024;
const PLAN_FLOOR_MONTHS = 60;

/** Resolves when the server listens; rejects with the system's error where it cannot (EADDRINUSE). */
export function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  return options.inWorker === true ? startWorkerSandbox(options) : startLocalSandbox(options);
}

/** The form that runs in the calling thread. */
export async function startLocalSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const { now, seed = 1, tickers = DEFAULT_TICKERS, missing = DEFAULT_MISSING, host = '127.0.0.1' } = options;
  const floor = subMonthsClamped(dayIn('America/New_York', now), PLAN_FLOOR_MONTHS);
  const bucketName = options.bucket ?? 'flatfiles';
  const credentials = {
    accessKeyId: options.accessKeyId ?? SANDBOX_CREDENTIALS.accessKeyId,
    secretAccessKey: options.secretAccessKey ?? SANDBOX_CREDENTIALS.secretAccessKey,
  };
  const large = largeObjects(options.tempDir ?? tmpdir());
  const bucket = createBucket({
    generators: sandboxDatasets({
      ...{ seed, tickers, now },
      trueDays: options.trueSizes === true ? (options.trueDays ?? 1) : 0,
      trueRows: options.trueRows ?? DEFAULT_TRUE_ROWS,
    }),
    large,
    now,
    missing,
    denied: options.denied ?? [{ end: addDays(floor, -1) }],
    deniedDatasets: options.deniedDatasets ?? [],
    pendingDenied: options.pendingStatus === 403,
    cacheBytes: options.cacheBytes ?? DEFAULT_CACHE_BYTES,
    objects: options.objects ?? new Map(),
  });
  const server = createS3Server({
    bucket,
    bucketName,
    credentials,
    pageSize: options.pageSize ?? 1000,
    clock: options.clock,
    faults: options.faults,
  });
  server.http.listen(options.port ?? 0, host);
  await once(server.http, 'listening');
  const { port } = server.http.address() as AddressInfo;
  const endpoint = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const rest = await startRest({
    ...{ seed, tickers, now, host, port: options.restPort ?? 0, faults: options.faults },
    ...{ apiKey: options.rest?.apiKey ?? SANDBOX_REST_KEY, options: options.rest ?? {} },
  }).catch(async (error: unknown) => {
    await closeS3();
    throw error;
  });
  let closed: Promise<void> | undefined;

  async function closeS3(): Promise<void> {
    await Promise.all([
      large.close(),
      new Promise<void>((resolve) => {
        server.http.close(() => resolve());
        server.http.closeAllConnections();
      }),
    ]);
  }

  function close(): Promise<void> {
    closed ??= Promise.all([closeS3(), rest.close()]).then(() => undefined);
    return closed;
  }

  return {
    endpoint,
    bucket: bucketName,
    credentials,
    restEndpoint: rest.endpoint,
    identity: { endpoint, bucket: bucketName },
    tickerList: SANDBOX_TICKERS,
    requests: async () => server.log.snapshot(),
    replace: async (key, replacement, lastModified) => bucket.replace(key, replacement, lastModified),
    remove: async (key) => bucket.remove(key),
    async setFaults(plan) {
      server.setFaults(plan);
      rest.setFaults(plan);
    },
    restRequests: async () => rest.requests(),
    setRest: async (given) => rest.setOptions(given),
    setRestNow: async (instant) => rest.setNow(instant),
    close,
  };
}
