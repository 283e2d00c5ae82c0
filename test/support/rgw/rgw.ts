/** Starts and ends the Ceph Object Gateway of up.sh and down.sh, on free ports and in a temporary folder. */
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PROGRAMS = [
  'ceph-mon',
  'ceph-osd',
  'radosgw',
  'radosgw-admin',
  'ceph',
  'ceph-authtool',
  'monmaptool',
  'curl',
];

export const OWNER = { accessKeyId: 'OWNERKEY0001', secretAccessKey: 'ownersecret0001' } as const;
export const READER = { accessKeyId: 'READERKEY001', secretAccessKey: 'readersecret001' } as const;
/** The principal of READER in a bucket policy. */
export const READER_ARN = 'arn:aws:iam:::user/reader';
/** About 13 s on two idle cores; this is for busy ones. In ms. */
export const RGW_START_TIMEOUT_MS = 120_000;

export interface Rgw {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** The programs that an RGW needs and this computer lacks; none means that it can be started. */
export function lackingForRgw(): readonly string[] {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const isThere = (program: string) => folders.some((folder) => isExecutable(join(folder, program)));
  return PROGRAMS.filter((program) => !isThere(program));
}

export async function startRgw(): Promise<Rgw> {
  const dir = await mkdtemp(join(tmpdir(), 'barloom-rgw-'));
  const stop = async () => {
    await run(script('down.sh'), [dir]);
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const port = await freePorts(1);
    await run(script('up.sh'), [dir, String(port), String(await freePorts(2))], {
      timeout: RGW_START_TIMEOUT_MS,
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

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
