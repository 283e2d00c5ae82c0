/**
 * The guards hold any request, not only those for day files: here pages of JSON over plain HTTP, from a
 * server that misbehaves.
 */
import { Agent, createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collect, type MeasuredStream } from '#platform/guard/collect.js';
import { createCounters } from '#platform/guard/counting.js';
import { createGuard, type GuardSettings } from '#platform/guard/guard.js';
import type { Guard } from '#platform/guard/request.js';
import { retry } from '#platform/guard/retry.js';
import { connectionError } from '#platform/http/connection-error.js';
import { httpGet } from '#platform/http/http-get.js';
import { retryAfterMs } from '#platform/http/retry-after.js';
import { sleep } from '#platform/http/sleep.js';
import { SourceError } from '#platform/http/source-error.js';
import { kindOfStatus } from '#platform/http/status-kind.js';
import { expectKind } from '../../vendors/flatfiles/conformance.js';

const PAGE = { status: 'OK', results: [{ ticker: 'AAPL' }] };
const now = () => performance.now();
/** So that a busy machine, whose good answers may come too late as well, does not use them up. */
const MANY_ATTEMPTS = 20;

describe('guards round a request for JSON', () => {
  let server: Server;
  let agent: Agent;
  let asked: number[];
  let respond: (response: ServerResponse, n: number) => void;
  const good = (response: ServerResponse) => response.end(JSON.stringify(PAGE));
  const counters = createCounters();

  beforeEach(async () => {
    asked = [];
    Object.assign(counters, createCounters());
    agent = new Agent({ keepAlive: true });
    server = createServer((_, response) => {
      asked.push(now());
      respond(response, asked.length);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    agent.destroy();
    server.closeAllConnections();
    server.close();
  });

  function guarded(more: Partial<GuardSettings> = {}, attempts = 4) {
    const waits: number[] = [];
    const settings: GuardSettings = {
      retry: {
        attempts,
        baseMs: 2,
        capMs: 10,
        sleep,
        random: () => 0.5,
        onRetry: (_, __, ms) => waits.push(ms),
      },
      maxConcurrency: 4,
      watchdog: { headersMs: 30_000, stallMs: 30_000, minBytesPerSecond: 1, windowMs: 60_000 },
      counters,
      now,
      ...more,
    };
    const guard = createGuard(settings);
    /** One attempt is head, body and JSON, as it is for an object and its verification. */
    const page = (signal?: AbortSignal): Promise<unknown> =>
      retry(async () => JSON.parse(Buffer.from(await body(guard, signal)).toString()), settings.retry);
    return { page, waits };
  }

  const body = async (guard: Guard, signal: AbortSignal | undefined) =>
    collect(await guard.streamed({ verb: 'GET', name: '/v3/page', signal, ask }), { maxBytes: 1 << 20 });

  async function ask(signal: AbortSignal | undefined): Promise<MeasuredStream> {
    const endpoint = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const judged = (error: unknown): unknown =>
      signal?.aborted === true
        ? signal.reason
        : error instanceof Error
          ? connectionError(error, 'GET /v3/page', endpoint.origin)
          : error;
    const answer = await httpGet({
      endpoint,
      path: '/v3/page',
      headers: {},
      agent,
      connectionTimeoutMs: 1000,
      socketTimeoutMs: 5000,
      signal,
    }).catch((error: unknown) => {
      throw judged(error);
    });
    const { statusCode: status, headers } = answer;
    if (status !== 200) {
      answer.resume();
      const asks = retryAfterMs({ 'retry-after': headers['retry-after'], date: headers.date });
      throw new SourceError(kindOfStatus(status), `HTTP ${status}.`, { status, retryAfterMs: asks });
    }
    async function* bytes(): AsyncGenerator<Uint8Array> {
      try {
        for await (const chunk of answer) yield chunk;
      } catch (error) {
        throw judged(error);
      }
    }
    return { contentLength: undefined, body: bytes(), cancel: () => void answer.destroy() };
  }

  it('waits as long as a 429 asks for, all of them, and goes on with fewer', async () => {
    const places: number[] = [];
    respond = (response, n) =>
      n === 1 ? response.writeHead(429, { 'retry-after': '0.2' }).end() : good(response);
    const { page, waits } = guarded({ onSlowDown: (n) => places.push(n) });
    expect(await page()).toEqual(PAGE);
    expect(await page()).toEqual(PAGE);
    expect(waits).toEqual([201]);
    expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThanOrEqual(195);
    expect(places).toEqual([2]);
  });

  it('gives up on a 429 that asks for a day', async () => {
    respond = (response) => response.writeHead(429, { 'retry-after': '86400' }).end();
    expect((await expectKind(guarded().page(), 'throttled')).final).toBe(true);
    expect(asked.length).toBe(1);
  });

  it('asks again after 500s and a reset, and no oftener than it may', async () => {
    respond = (response, n) => {
      if (n === 1) response.writeHead(500).end();
      else if (n === 2) response.socket?.resetAndDestroy();
      else good(response);
    };
    expect(await guarded().page()).toEqual(PAGE);
    expect(counters).toMatchObject({ get: 3, bytesDownloaded: JSON.stringify(PAGE).length });
    respond = (response) => response.writeHead(500).end();
    await expectKind(guarded().page(), 'server');
    expect(counters.get).toBe(3 + 4);
  });

  it('does not ask again what is denied', async () => {
    respond = (response) => response.writeHead(403).end();
    await expectKind(guarded().page(), 'denied');
    expect(asked.length).toBe(1);
  });

  it('ends an answer that does not come, a body that stalls and one that only drips, and has the page all the same', async () => {
    respond = (response, n) => {
      if (n === 1) return;
      if (n > 3) {
        good(response);
        return;
      }
      response.writeHead(200).write('{');
      const drip = n === 3 ? setInterval(() => response.write(' '), 40) : undefined;
      response.on('close', () => clearInterval(drip));
    };
    const watchdog = { headersMs: 300, stallMs: 150, minBytesPerSecond: 1000, windowMs: 300 };
    expect(await guarded({ watchdog }, MANY_ATTEMPTS).page()).toEqual(PAGE);
    expect(asked.length).toBeGreaterThanOrEqual(4);
  });

  it('keeps to the rate and to the places, bodies included', async () => {
    let open = 0;
    let most = 0;
    respond = (response) => {
      most = Math.max(most, ++open);
      response.write('{}');
      setTimeout(() => {
        open -= 1;
        response.end();
      }, 20);
    };
    const { page } = guarded({ maxConcurrency: 2, rateLimit: 10 });
    await Promise.all(Array.from({ length: 6 }, () => page()));
    expect(most).toBeLessThanOrEqual(2);
    // Sent over half a second; without the rate 60 ms. The first may have been under way for longer than the last.
    expect((asked.at(-1) ?? 0) - (asked[0] ?? 0)).toBeGreaterThan(300);
  });

  it("ends with the caller's reason when it is called off", async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    respond = (response) => {
      response.writeHead(200).write('{');
      setTimeout(() => controller.abort(reason), 20);
    };
    await expect(guarded().page(controller.signal)).rejects.toBe(reason);
    expect(asked.length).toBe(1);
  });
});
