import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unguarded } from '#platform/guard/request.js';
import { type RetryPolicy, retry, withRetry } from '#platform/guard/retry.js';
import { sleep } from '#platform/http/sleep.js';
import { SourceError, type SourceErrorKind } from '#platform/http/source-error.js';
import { throughGuard } from '#platform/s3/guard-source.js';
import { openS3 } from '#platform/s3/s3-source.js';
import { error, MINI_BUCKET, MINI_KEYS, type MiniS3, startMiniS3 } from '../../support/mini-s3.js';
import { expectKind } from '../../vendors/flatfiles/conformance.js';

function recording(overrides: Partial<RetryPolicy> = {}): { policy: RetryPolicy; waits: number[] } {
  const waits: number[] = [];
  const policy: RetryPolicy = {
    attempts: 6,
    baseMs: 100,
    capMs: 1000,
    sleep: async (ms) => {
      waits.push(ms);
    },
    random: () => 0.5,
    ...overrides,
  };
  return { policy, waits };
}
const failing = (kind: SourceErrorKind, retryAfterMs?: number) => async () => {
  throw new SourceError(kind, kind, { retryAfterMs });
};

describe('retry', () => {
  it('waits a random part of a doubling bound, and gives the last error', async () => {
    const { policy, waits } = recording();
    await expectKind(retry(failing('network'), policy), 'network');
    expect(waits).toEqual([50, 100, 200, 400, 500]);
  });

  it.each<SourceErrorKind>(['throttled', 'skewed', 'server', 'network', 'damaged'])(
    'repeats %s',
    async (kind) => {
      const { policy, waits } = recording({ attempts: 2 });
      await expectKind(retry(failing(kind), policy), kind);
      expect(waits.length).toBe(1);
    },
  );

  it.each<SourceErrorKind>(['not-found', 'denied', 'unauthenticated', 'changed', 'configuration'])(
    'does not repeat %s',
    async (kind) => {
      const { policy, waits } = recording();
      await expectKind(retry(failing(kind), policy), kind);
      expect(waits).toEqual([]);
    },
  );

  it('does not repeat a bug', async () => {
    const { policy, waits } = recording();
    await expect(retry(() => Promise.reject(new TypeError('bug')), policy)).rejects.toThrow(TypeError);
    expect(waits).toEqual([]);
  });

  it('waits at least what the server asked for, and tells about it', async () => {
    const told: unknown[] = [];
    const { policy, waits } = recording({
      attempts: 2,
      onRetry: ({ kind }, n, ms) => told.push([kind, n, ms]),
    });
    await expectKind(retry(failing('throttled', 5000), policy), 'throttled');
    expect(waits).toEqual([5050]);
    expect(told).toEqual([['throttled', 1, 5050]]);
  });

  it('does not repeat what is final', async () => {
    const { policy, waits } = recording();
    const last = new SourceError('throttled', 'tomorrow', { final: true });
    await expect(retry(() => Promise.reject(last), policy)).rejects.toBe(last);
    expect(waits).toEqual([]);
  });

  it('tells the attempt its number and gives the first good result', async () => {
    const { policy } = recording();
    const result = await retry((n) => (n < 3 ? failing('server')() : Promise.resolve(n)), policy);
    expect(result).toBe(3);
  });

  it("ends a wait with the signal's reason", async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const { policy } = recording({ sleep, baseMs: 1e6, capMs: 1e6, signal: controller.signal });
    setTimeout(() => controller.abort(reason), 10);
    await expect(retry(failing('network'), policy)).rejects.toBe(reason);
    await expect(retry(failing('network'), policy)).rejects.toBe(reason);
  });
});

describe('withRetry, over a server', () => {
  let mini: MiniS3;
  beforeEach(async () => {
    mini = await startMiniS3();
    mini.put('a/1', Buffer.from('abc'));
  });
  afterEach(() => mini.close());

  it('gets through resets and 503 on listings and gets', async () => {
    const { policy, waits } = recording();
    const plain = await openS3({
      endpoint: mini.endpoint,
      bucket: MINI_BUCKET,
      region: 'us-east-1',
      credentials: MINI_KEYS,
      concurrency: 2,
    });
    const source = throughGuard(plain, withRetry(unguarded, policy));
    mini.intercept = (_, response) => {
      if (mini.requests.length % 3 === 1) response.socket?.resetAndDestroy();
      if (mini.requests.length % 3 === 2) error(response, 503, 'SlowDown', { 'retry-after': '2' });
      return mini.requests.length % 3 !== 0;
    };
    expect((await source.list('a/')).length).toBe(1);
    (await source.get('a/1')).cancel();
    expect(waits).toEqual([50, 2100, 50, 2100]);
    source.close();
  });
});
