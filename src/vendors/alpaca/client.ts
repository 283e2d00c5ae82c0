/**
 * Alpaca's historical quotes over HTTPS: one page a request, retried, paced and watched by the guards that
 * stand round every vendor. Source: https://docs.alpaca.markets/reference/stockquotes.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { collect } from '#platform/guard/collect.js';
import { createGuard, type GuardSettings } from '#platform/guard/guard.js';
import { connectionError } from '#platform/http/connection-error.js';
import { type HttpAnswer, httpGet } from '#platform/http/http-get.js';
import { retryAfterMs } from '#platform/http/retry-after.js';
import { SourceError } from '#platform/http/source-error.js';
import { kindOfStatus } from '#platform/http/status-kind.js';
import { keyMask } from '#platform/s3/key-mask.js';
import type { AlpacaKeys } from './keys.js';
import { OddPage, parsePage, type QuotePage } from './page.js';
import { newRateWindow, resetAfterMs } from './rate-window.js';

export interface AlpacaSettings {
  /** Of `alpacaUrl`. */
  readonly url: string;
  readonly keys: AlpacaKeys;
  readonly proxy: string | undefined;
  readonly guard: GuardSettings;
}

export interface PageRequest {
  readonly symbol: string;
  readonly feed: string;
  /** RFC 3339, both included. */
  readonly start: string;
  readonly end: string;
  /** Quotes of a page at most, 1 to 10,000. */
  readonly limit: number;
  /** Of the page before. */
  readonly token?: string | undefined;
}

export interface AlpacaClient {
  readonly url: string;
  /** Throws SourceError, or the signal's reason. */
  page(request: PageRequest, signal: AbortSignal): Promise<QuotePage>;
  /**
   * The same, with `read` in the place of the reader of pages. What that throws as OddPage is asked for again, so
   * that it must have taken nothing by then.
   */
  pageRead<T>(request: PageRequest, signal: AbortSignal, read: (page: Buffer) => T): Promise<T>;
  /** Requests a minute of the plan, once an answer has said it. */
  readonly perMinute: () => number | undefined;
  close(): void;
}

/** 10,000 quotes are about 1.2 MB. */
const MOST_PAGE_BYTES = 16 << 20;
const MOST_REFUSAL_BYTES = 64 << 10;
const CONNECTION_TIMEOUT_MS = 10_000;
const SOCKET_TIMEOUT_MS = 60_000;

export async function openAlpaca({ url, keys, proxy, guard }: AlpacaSettings): Promise<AlpacaClient> {
  const endpoint = new URL(url);
  const pool = { keepAlive: true, maxSockets: guard.maxConcurrency, scheduling: 'lifo' as const };
  const { httpAgent, httpsAgent } =
    proxy === undefined
      ? { httpAgent: new HttpAgent(pool), httpsAgent: new HttpsAgent(pool) }
      : (await import('#platform/http/proxy-agents.js')).proxyAgents(proxy, pool);
  const guarded = createGuard(guard);
  const rate = newRateWindow({ now: guard.now, sleep: guard.retry.sleep });
  const mask = keyMask({ accessKeyId: keys.id, secretAccessKey: keys.secret });

  async function ask(path: string, what: string, signal: AbortSignal | undefined): Promise<Buffer> {
    let answer: HttpAnswer;
    rate.sent();
    try {
      answer = await httpGet({
        endpoint,
        path,
        headers: {
          host: endpoint.host,
          accept: 'application/json',
          'user-agent': 'barloom',
          'APCA-API-KEY-ID': keys.id,
          'APCA-API-SECRET-KEY': keys.secret,
        },
        agent: endpoint.protocol === 'https:' ? httpsAgent : httpAgent,
        connectionTimeoutMs: CONNECTION_TIMEOUT_MS,
        socketTimeoutMs: SOCKET_TIMEOUT_MS,
        signal,
      });
    } catch (error) {
      rate.answered(undefined);
      throw error;
    }
    rate.answered(answer.headers);
    if (answer.statusCode !== 200) throw await refusal(answer, what);
    return bodyOf(answer, MOST_PAGE_BYTES);
  }

  async function pageRead<T>(
    request: PageRequest,
    signal: AbortSignal,
    read: (page: Buffer) => T,
  ): Promise<T> {
    const { symbol } = request;
    const what = `quotes of ${symbol} from ${request.start}`;
    const path = `${endpoint.pathname.replace(/\/$/, '')}/v2/stocks/${encodeURIComponent(symbol)}/quotes?${queryOf(request)}`;
    // Outside of the guards: a minute's wait for the plan's rate is no silence of the server's.
    await rate.turn(signal);
    return guarded.whole({
      verb: 'GET',
      name: what,
      signal,
      ask: async (leash) => {
        try {
          return read(await ask(path, what, leash));
        } catch (error) {
          leash?.throwIfAborted();
          throw mask.error(judged(error, what, endpoint.host));
        }
      },
    });
  }

  return {
    url,
    perMinute: rate.perMinute,
    pageRead,
    page: (request, signal) =>
      pageRead(request, signal, (page) => parsePage(page.toString('utf8'), request.symbol)),
    close: () => {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

function queryOf({ feed, start, end, limit, token }: PageRequest): string {
  const query = new URLSearchParams({ start, end, limit: String(limit), feed, sort: 'asc' });
  if (token !== undefined) query.set('page_token', token);
  return query.toString();
}

function judged(error: unknown, what: string, host: string): unknown {
  if (error instanceof SourceError) return error;
  if (error instanceof OddPage)
    return new SourceError('damaged', `${what}: not what it should be: ${error.message}.`);
  return error instanceof Error ? connectionError(error, what, host) : error;
}

function bodyOf(answer: HttpAnswer, maxBytes: number): Promise<Buffer> {
  const announced = answer.headers['content-length'];
  return collect(
    {
      body: answer,
      cancel: () => answer.destroy(),
      contentLength: announced === undefined ? undefined : Number(announced),
    },
    { maxBytes },
  ).then((bytes) => Buffer.from(bytes.buffer));
}

const NOT_THERE: readonly number[] = [400, 404, 422];

async function refusal(answer: HttpAnswer, what: string): Promise<SourceError> {
  const { statusCode: status, headers } = answer;
  const said = await bodyOf(answer, MOST_REFUSAL_BYTES)
    .then((bytes) => messageOf(bytes.toString('utf8')))
    .catch(() => undefined);
  answer.destroy();
  // A symbol that Alpaca does not know is a 400, 404 or 422 with a word about it.
  const kind = NOT_THERE.includes(status) ? 'not-found' : kindOfStatus(status);
  const wait =
    kind === 'throttled' ? (retryAfterOf(headers) ?? resetAfterMs(headers)) : retryAfterOf(headers);
  return new SourceError(
    kind,
    `${what}: ${said === undefined ? `HTTP ${status}` : `${said} (HTTP ${status})`}.`,
    {
      status,
      retryAfterMs: wait,
    },
  );
}

function retryAfterOf({ date, 'retry-after': after }: HttpAnswer['headers']): number | undefined {
  return retryAfterMs({ date, 'retry-after': after });
}

/** `{"message": "…"}`. */
function messageOf(text: string): string | undefined {
  try {
    const { message } = Object(JSON.parse(text)) as { readonly message?: unknown };
    return typeof message === 'string' && message !== '' ? message.slice(0, 200) : undefined;
  } catch {
    return undefined;
  }
}
