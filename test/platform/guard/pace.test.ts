/** The wrappers that make requests wait: the shared slow-down and the rate limit. */

import { describe, expect, it } from 'vitest';
import { collect } from '#platform/guard/collect.js';
import { createCounters, withCounting } from '#platform/guard/counting.js';
import { withRateLimit } from '#platform/guard/rate-limit.js';
import { unguarded } from '#platform/guard/request.js';
import { withSlowDown } from '#platform/guard/slow-down.js';
import { sleep } from '#platform/http/sleep.js';
import { SourceError } from '#platform/http/source-error.js';
import { throughGuard } from '#platform/s3/guard-source.js';
import type { ObjectStream, Source } from '#platform/s3/port.js';
import { expectKind } from '../../vendors/flatfiles/conformance.js';

const now = () => performance.now();

/** A source whose gets take `ms`, fail as told, and record how many are under way. */
function pretend(ms: number, fail: (n: number) => SourceError | undefined = () => undefined) {
  const seen = { started: 0, underWay: 0, most: 0, at: [] as number[] };
  const source: Source = {
    identity: { endpoint: 'http://pretend', bucket: 'b' },
    list: async () => [],
    get: async (): Promise<ObjectStream> => {
      seen.started += 1;
      seen.at.push(now());
      const error = fail(seen.started);
      seen.underWay += 1;
      seen.most = Math.max(seen.most, seen.underWay);
      const end = () => {
        seen.underWay -= 1;
      };
      if (error !== undefined) {
        end();
        throw error;
      }
      return {
        contentLength: 3,
        etag: undefined,
        lastModified: undefined,
        body: (async function* () {
          await sleep(ms);
          yield Buffer.from('abc');
          end();
        })(),
        cancel: end,
      };
    },
    close: () => {},
  };
  return { source, seen };
}
const throttled = (retryAfterMs?: number) =>
  new SourceError('throttled', 'slow down', { status: 503, retryAfterMs });
const fetchAll = (source: Source, count: number) =>
  Promise.all(Array.from({ length: count }, async () => collect(await source.get('k'), { maxBytes: 9 })));

describe('withSlowDown', () => {
  it('lets no more than the limit transfer at once, bodies included', async () => {
    const { source, seen } = pretend(2);
    await fetchAll(throughGuard(source, withSlowDown(unguarded, { maxConcurrency: 3, now })), 20);
    expect(seen).toMatchObject({ started: 20, most: 3, underWay: 0 });
  });

  it('halves for all once a round when the server says so, pauses, and recovers by successes', async () => {
    const places: number[] = [];
    const { source, seen } = pretend(1, (n) => (n <= 8 ? throttled(50) : undefined));
    const slowed = throughGuard(
      source,
      withSlowDown(unguarded, { maxConcurrency: 8, now, onSlowDown: (n) => places.push(n) }),
    );
    const first = await Promise.allSettled(Array.from({ length: 8 }, () => slowed.get('k')));
    expect(first.every(({ status }) => status === 'rejected')).toBe(true);
    expect(places).toEqual([4]);
    seen.most = 0;
    await fetchAll(slowed, 4);
    const [paused = 0, ...others] = seen.at;
    expect((others[7] ?? 0) - paused).toBeGreaterThan(40);
    expect(seen.most).toBe(4);
    await fetchAll(slowed, 60);
    seen.most = 0;
    await fetchAll(slowed, 30);
    expect(seen.most).toBe(8);
  });

  it('never closes for good, however often it is told', async () => {
    const { source } = pretend(0, (n) => (n <= 100 ? throttled() : undefined));
    const slowed = throughGuard(source, withSlowDown(unguarded, { maxConcurrency: 8, now }));
    for (let n = 0; n < 100; n += 1) await expectKind(slowed.get('k'), 'throttled');
    await fetchAll(slowed, 10);
  });

  it('does not wait for a server that asks for more than five minutes, at once or in all, and turns away who waits', async () => {
    let time = 0;
    const { source } = pretend(0, (n) => (n === 1 ? throttled(86_400_000) : undefined));
    const slowed = throughGuard(source, withSlowDown(unguarded, { maxConcurrency: 1, now: () => time }));
    const both = await Promise.allSettled([slowed.get('k'), slowed.get('k')]);
    for (const one of [...both, ...(await Promise.allSettled([slowed.get('k')]))]) {
      expect(one).toMatchObject({ status: 'rejected', reason: { kind: 'throttled', final: true } });
      expect(String((one as PromiseRejectedResult).reason)).toContain('a wait of 1440 min');
    }
    time = 86_400_001;
    await fetchAll(slowed, 2);

    const again = pretend(0, (n) => (n === 4 ? undefined : throttled(100_000)));
    const patient = throughGuard(
      again.source,
      withSlowDown(unguarded, { maxConcurrency: 1, now: () => time }),
    );
    const finals: boolean[] = [];
    for (let n = 1; n <= 8; n += 1) {
      await patient.get('k').then(
        (stream) => stream.cancel(),
        (error: SourceError) => finals.push(error.final),
      );
      time += 100_001;
    }
    // The fourth went well; the wait that exceeds five minutes is the fourth after it.
    expect(finals).toEqual([false, false, false, false, false, false, true]);
  });

  it('gives its place back when a body is cancelled, and an aborted wait takes none', async () => {
    const { source, seen } = pretend(5);
    const slowed = throughGuard(source, withSlowDown(unguarded, { maxConcurrency: 1, now }));
    const held = await slowed.get('k');
    const controller = new AbortController();
    const waiting = slowed.get('k', { signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    const next = fetchAll(slowed, 2);
    held.cancel();
    held.cancel();
    await next;
    expect(seen).toMatchObject({ started: 3, most: 1 });
  });
});

describe('withRateLimit', () => {
  it('spaces requests evenly', async () => {
    const { source, seen } = pretend(0);
    const limited = throughGuard(source, withRateLimit(unguarded, { perSecond: 50, now, sleep }));
    await fetchAll(limited, 6);
    // None before its turn, 20 ms after the one before; a busy machine makes any of them later.
    const [first = 0] = seen.at;
    const early = seen.at.map((at, n) => first + n * 20 - at);
    expect(early).toHaveLength(6);
    expect(Math.max(...early)).toBeLessThan(10);
  });

  it('ends a wait at once when aborted', async () => {
    const { source } = pretend(0);
    const limited = throughGuard(source, withRateLimit(unguarded, { perSecond: 0.01, now, sleep }));
    await limited.list('');
    const reason = new Error('enough');
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 5);
    await expect(limited.get('k', { signal: controller.signal })).rejects.toBe(reason);
    await expect(limited.list('', { signal: controller.signal })).rejects.toBe(reason);
  });
});

it('withCounting counts every attempt and every byte that arrived', async () => {
  const { source } = pretend(0, (n) => (n === 2 ? throttled() : undefined));
  const counters = createCounters();
  const counted = throughGuard(source, withCounting(unguarded, counters));
  await counted.list('');
  await fetchAll(counted, 1);
  await expectKind(counted.get('k'), 'throttled');
  expect(counters).toEqual({ list: 1, get: 2, bytesDownloaded: 3 });
});
