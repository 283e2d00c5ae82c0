/**
 * A body that goes on where it broke, against the sandbox's real HTTP server: the very bytes, none of them
 * twice, never two versions in one.
 */

import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { unguarded } from '#platform/guard/request.js';
import { withWatchdog } from '#platform/guard/watchdog.js';
import { throughGuard } from '#platform/s3/guard-source.js';
import type { Source } from '#platform/s3/port.js';
import { openS3 } from '#platform/s3/s3-source.js';
import type { FaultKind } from '#sandbox/faults/faults.js';
import type { RunningSandbox } from '#sandbox/options.js';
import { startSandbox } from '#sandbox/start.js';
import { getResuming, type ResumeOptions } from '#vendors/flatfiles/resume.js';

const KEY = 'us_stocks_sip/minute_aggs_v1/2026/10/2026-10-01.csv.gz';
const OBJECT = Buffer.alloc(5_000_000);
for (let i = 0; i + 20 <= OBJECT.length; i += 20) createHash('sha1').update(`${i}`).digest().copy(OBJECT, i);

let sandbox: RunningSandbox;
let source: Source;
let arrived = 0;

beforeAll(async () => {
  sandbox = await startSandbox({
    now: new Date('2003-09-01T12:00:00Z'),
    tickers: 0,
    objects: new Map([[KEY, OBJECT]]),
  });
  const { endpoint, bucket, credentials } = sandbox;
  const s3 = await openS3({ endpoint, bucket, region: 'us-east-1', credentials, concurrency: 4 });
  source = counted(
    throughGuard(
      s3,
      withWatchdog(unguarded, { headersMs: 2000, stallMs: 300, minBytesPerSecond: 1000, windowMs: 1000 }),
    ),
  );
});
afterAll(async () => {
  source.close();
  await sandbox.close();
});
afterEach(() => sandbox.setFaults(undefined));

/** Tells how many bytes of bodies have arrived. */
function counted(of: Source): Source {
  return {
    ...of,
    get: async (key, options) => {
      const stream = await of.get(key, options);
      async function* body(): AsyncGenerator<Uint8Array> {
        for await (const chunk of stream.body) {
          arrived += chunk.byteLength;
          yield chunk;
        }
      }
      return { ...stream, body: body() };
    },
  };
}

async function fetchAll(from = source, options: Partial<ResumeOptions> = {}) {
  arrived = 0;
  const resumed: number[] = [];
  const stream = await getResuming(from, KEY, {
    signal: new AbortController().signal,
    expectedSize: () => OBJECT.length,
    retry: { attempts: 5, baseMs: 1, capMs: 5, sleep: async () => undefined, random: () => 0.5 },
    onResume: (at) => resumed.push(at),
    ...options,
  });
  const parts: Uint8Array[] = [];
  for await (const chunk of stream.body) parts.push(Uint8Array.from(chunk));
  return { bytes: Buffer.concat(parts), resumed };
}

it.each<FaultKind>(['reset', 'fin', 'cut', 'stall'])(
  'goes on behind a body that ends in a %s: no byte arrives twice',
  async (kind) => {
    await sandbox.setFaults({ seed: 3, faults: [{ kind, times: 2, operations: ['get'] }] });
    const { bytes, resumed } = await fetchAll();
    expect(bytes.equals(OBJECT)).toBe(true);
    expect(resumed.length).toBeGreaterThanOrEqual(1);
    expect(resumed).toEqual(resumed.toSorted((a, b) => a - b));
    expect(arrived).toBe(OBJECT.length);
  },
);

it.each<FaultKind>(['slowdown503', 'error500', 'hang-up'])(
  'asks again where going on is answered with %s',
  async (kind) => {
    await sandbox.setFaults({
      seed: 3,
      faults: [
        { kind: 'reset', times: 1, operations: ['get'] },
        { kind, times: 3, operations: ['get'] },
      ],
    });
    const { bytes, resumed } = await fetchAll();
    expect(bytes.equals(OBJECT)).toBe(true);
    expect(resumed).toHaveLength(1);
    expect(arrived).toBe(OBJECT.length);
  },
);

it('a resumed transfer gives up after so many breaks without progress, and tells the break', async () => {
  await sandbox.setFaults({
    faults: [
      { kind: 'reset', times: 1, operations: ['get'] },
      { kind: 'error500', operations: ['get'] },
    ],
  });
  await expect(fetchAll()).rejects.toMatchObject({ name: 'SourceError', kind: 'server' });
  expect((await sandbox.requests()).getsByKey[KEY]).toBeGreaterThanOrEqual(5);
});

it('an object that is replaced in the middle never becomes one of two versions: it is to be fetched again whole', async () => {
  await sandbox.setFaults({ seed: 3, faults: [{ kind: 'reset', times: 1, operations: ['get'] }] });
  const fetched = fetchAll(source, {
    retry: {
      attempts: 5,
      baseMs: 1,
      capMs: 5,
      random: () => 0.5,
      sleep: () => sandbox.replace(KEY, OBJECT.toReversed(), new Date('2026-11-01T00:00:00Z')),
    },
  });
  await expect(fetched).rejects.toMatchObject({ kind: 'damaged' });
  await sandbox.replace(KEY, OBJECT, new Date('2026-11-02T00:00:00Z'));
});

it('a server that knows no ranges sends all again: that is no continuation', async () => {
  await sandbox.setFaults({ seed: 3, faults: [{ kind: 'reset', times: 1, operations: ['get'] }] });
  const rangeless: Source = {
    ...source,
    get: async (key, options) => {
      const { start, ifMatch, ...rest } = options ?? {};
      if (start === undefined) return source.get(key, rest);
      // As s3.ts has it from a server that ignores Range.
      const { SourceError } = await import('#platform/http/source-error.js');
      throw new SourceError('server', 'GET: 200 for a range', { status: 200 });
    },
  };
  await expect(fetchAll(rangeless)).rejects.toMatchObject({ kind: 'damaged' });
});

it('without an ETag nothing holds the rest to the beginning: the break is thrown', async () => {
  await sandbox.setFaults({ seed: 3, faults: [{ kind: 'reset', times: 1, operations: ['get'] }] });
  const nameless: Source = {
    ...source,
    get: async (key, options) => ({ ...(await source.get(key, options)), etag: undefined }),
  };
  await expect(fetchAll(nameless)).rejects.toMatchObject({ kind: 'network' });
});

it('what is aborted goes on nowhere', async () => {
  await sandbox.setFaults({ seed: 3, faults: [{ kind: 'stall', operations: ['get'] }] });
  const controller = new AbortController();
  const before = (await sandbox.requests()).getsByKey[KEY] ?? 0;
  setTimeout(() => controller.abort(new Error('stopped')), 100);
  await expect(fetchAll(source, { signal: controller.signal })).rejects.toThrow();
  expect((await sandbox.requests()).getsByKey[KEY]).toBe(before + 1);
});
