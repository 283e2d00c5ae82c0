/**
 * The Ceph Object Gateway of up.sh and down.sh for the tests of a `describeWith('Ceph RGW', …)`, on free
 * ports and in a temporary folder.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll } from 'vitest';

const run = promisify(execFile);

export const OWNER = { accessKeyId: 'OWNERKEY0001', secretAccessKey: 'ownersecret0001' } as const;
export const READER = { accessKeyId: 'READERKEY001', secretAccessKey: 'readersecret001' } as const;
/** The principal of READER in a bucket policy. */
export const READER_ARN = 'arn:aws:iam:::user/reader';
/** About 13 s on two idle cores; this is for busy ones. */
const START_TIMEOUT_MS = 120_000;

export interface Rgw {
  /** Known once the tests begin. */
  readonly endpoint: string;
  /** The owner's client. */
  readonly admin: S3Client;
  /** Makes a bucket of the owner's; what comes back puts an object into it. */
  bucket(name: string): Promise<(key: string, bytes: Uint8Array) => Promise<void>>;
}

/** Started before the tests of this `describe`, ended behind them. */
export function useRgw(): Rgw {
  let running: { readonly endpoint: string; readonly admin: S3Client; stop(): Promise<void> } | undefined;
  const here = () => {
    if (running === undefined) throw new Error('the RGW is there in tests, not before them');
    return running;
  };
  beforeAll(async () => {
    const started = await start();
    running = { ...started, admin: ownersClient(started.endpoint) };
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    running?.admin.destroy();
    await running?.stop();
  }, 30_000);
  return {
    get endpoint() {
      return here().endpoint;
    },
    get admin() {
      return here().admin;
    },
    bucket: async (Bucket) => {
      const { admin } = here();
      await admin.send(new CreateBucketCommand({ Bucket }));
      return async (Key, Body) => {
        await admin.send(new PutObjectCommand({ Bucket, Key, Body }));
      };
    },
  };
}

function ownersClient(endpoint: string): S3Client {
  return new S3Client({
    endpoint,
    region: 'us-east-1',
    credentials: OWNER,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}

async function start(): Promise<{ readonly endpoint: string; stop(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'barloom-rgw-'));
  const stop = async () => {
    await run(script('down.sh'), [dir]);
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const port = await freePorts(1);
    await run(script('up.sh'), [dir, String(port), String(await freePorts(2))], {
      timeout: START_TIMEOUT_MS,
    });
    return { endpoint: `http://127.0.0.1:${port}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The first of `count` consecutive ports of the loopback interface that are free at this moment. */
async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = await listenOnce(0);
    const others = Array.from({ length: count - 1 }, (_, n) => listenOnce(first + n + 1));
    if ((await Promise.allSettled(others)).every(({ status }) => status === 'fulfilled')) return first;
  }
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
}

function script(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
