import type { ServerResponse } from 'node:http';
import { getActiveResourcesInfo } from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collect } from '#platform/guard/collect.js';
import { unguarded } from '#platform/guard/request.js';
import { withWatchdog } from '#platform/guard/watchdog.js';
import { sleep } from '#platform/http/sleep.js';
import { throughGuard } from '#platform/s3/guard-source.js';
import type { ObjectStream, Source } from '#platform/s3/port.js';
import { openS3 } from '#platform/s3/s3-source.js';
import { MINI_BUCKET, MINI_KEYS, type MiniS3, startMiniS3 } from '../../support/mini-s3.js';
import { expectKind } from '../../vendors/flatfiles/conformance.js';

const LIMITS = { maxBytes: 1 << 20 };

describe('withWatchdog, over a server', () => {
  let mini: MiniS3;
  let plain: Source;
  let source: Source;
  beforeEach(async () => {
    mini = await startMiniS3();
    mini.put('a/1', Buffer.alloc(500_000, 1));
    plain = await openS3({
      endpoint: mini.endpoint,
      bucket: MINI_BUCKET,
      region: 'us-east-1',
      credentials: MINI_KEYS,
      concurrency: 4,
    });
    source = throughGuard(
      plain,
      withWatchdog(unguarded, { headersMs: 200, stallMs: 150, minBytesPerSecond: 1000, windowMs: 300 }),
    );
  });
  afterEach(async () => {
    source.close();
    await mini.close();
  });
  const answer = (respond: (response: ServerResponse) => void) => {
    mini.intercept = (_, response) => {
      respond(response);
      return true;
    };
  };
  const noConnectionLeft = async () => {
    for (let n = 0; mini.openConnections() > 0 && n < 200; n += 1) await sleep(5);
    expect(mini.openConnections()).toBe(0);
  };

  it('ends a listing and a get that are not answered, and their connections', async () => {
    answer(() => {});
    const [listed, got] = await Promise.all([
      expectKind(source.list('a/'), 'network'),
      expectKind(source.get('a/1'), 'network'),
    ]);
    expect(listed.message).toContain('no answer within 200 ms');
    expect(got.message).toContain('GET a/1');
    await noConnectionLeft();
  });

  it('ends a listing that drips', async () => {
    answer((response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    });
    await expectKind(source.list('a/'), 'network');
    await noConnectionLeft();
  });

  it('ends a body that stalls', async () => {
    answer((response) => response.writeHead(200, { 'content-length': 1000 }).write('abc'));
    const started = performance.now();
    const error = await expectKind(collect(await source.get('a/1'), LIMITS), 'network');
    expect(error.message).toContain('no byte for 150 ms');
    expect(performance.now() - started).toBeLessThan(1000);
    await noConnectionLeft();
  });

  it('ends a body that only drips', async () => {
    answer((response) => {
      response.writeHead(200, { 'content-length': 1000 });
      const drip = setInterval(() => response.write('abc'), 30);
      response.on('close', () => clearInterval(drip));
    });
    const error = await expectKind(collect(await source.get('a/1'), LIMITS), 'network');
    expect(error.message).toMatch(/\d+ bytes a second, fewer than 1000/);
    await noConnectionLeft();
  });

  it('does not blame the wire for a slow reader or a blocked process', async () => {
    const stream = await source.get('a/1');
    await sleep(250);
    let bytes = 0;
    for await (const chunk of stream.body) {
      bytes += chunk.length;
      if (bytes === chunk.length) await sleep(400);
      const until = performance.now() + 60;
      while (performance.now() < until);
    }
    expect(bytes).toBe(500_000);
  });

  it('leaves neither a timer nor a listener behind', async () => {
    const patient = throughGuard(
      plain,
      withWatchdog(unguarded, {
        headersMs: 10_000,
        stallMs: 10_000,
        minBytesPerSecond: 1,
        windowMs: 10_000,
      }),
    );
    const controller = new AbortController();
    const timers = () => getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    const before = timers();
    for (let n = 0; n < 30; n += 1) {
      await patient.list('a/', { signal: controller.signal });
      await collect(await patient.get('a/1', { signal: controller.signal }), LIMITS);
      const stream: ObjectStream = await patient.get('a/1', { signal: controller.signal });
      if (n % 2 === 0) for await (const _ of stream.body) break;
      stream.cancel();
    }
    await Promise.all(
      Array.from({ length: 30 }, async () =>
        collect(await patient.get('a/1', { signal: controller.signal }), LIMITS),
      ),
    );
    await sleep(5);
    expect(timers()).toBeLessThanOrEqual(before);
    process.off('warning', onWarning);
    expect(warnings.filter(({ name }) => name === 'MaxListenersExceededWarning')).toEqual([]);
  });

  it("passes on the caller's abort during the body with its reason", async () => {
    answer((response) => response.writeHead(200, { 'content-length': 1000 }).write('abc'));
    const controller = new AbortController();
    const reason = new Error('enough');
    const stream = await source.get('a/1', { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 20);
    await expect(collect(stream, LIMITS)).rejects.toBe(reason);
  });

  it('ends a source that listens to no signal, too', async () => {
    let cancelled = 0;
    const deaf: Source = {
      identity: plain.identity,
      close: () => {},
      list: () => new Promise(() => {}),
      get: async (key) => {
        if (key === 'late') await sleep(260);
        return {
          contentLength: undefined,
          etag: undefined,
          lastModified: undefined,
          body: { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) },
          cancel: () => {
            cancelled += 1;
          },
        };
      },
    };
    const watched = throughGuard(
      deaf,
      withWatchdog(unguarded, { headersMs: 200, stallMs: 100, minBytesPerSecond: 1, windowMs: 200 }),
    );
    await expectKind(watched.list(''), 'network');
    await expectKind(collect(await watched.get('k'), LIMITS), 'network');
    const before = cancelled;
    await expectKind(watched.get('late'), 'network');
    await sleep(100);
    expect(cancelled).toBe(before + 1);
  });
});
