/**
 * GETs to the REST API, one host and no other: the key travels in a header and only there. An answer that is
 * no success becomes a SourceError whose kind says what to do; the key is in no message, whatever the server
 * sent back.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { gunzipSync } from 'node:zlib';
import type { MeasuredStream } from '#platform/guard/collect.js';
import { connectionError } from '#platform/http/connection-error.js';
import { type HttpAnswer, httpGet } from '#platform/http/http-get.js';
import { retryAfterMs } from '#platform/http/retry-after.js';
import { SourceError } from '#platform/http/source-error.js';
import { refused } from './refused.js';

const CONNECTION_TIMEOUT_MS = 10_000;
const SOCKET_TIMEOUT_MS = 60_000;
/** Far more than any error's text. */
const LONGEST_REFUSAL = 65_536;

export interface TransportSettings {
  /** Normalized: `https://api.massive.com`, without a slash at the end. */
  readonly endpoint: string;
  readonly key: string;
  readonly proxy: string | undefined;
  readonly concurrency: number;
}

export interface RestStream extends MeasuredStream {
  readonly contentType: string;
  readonly gzipped: boolean;
}

export interface Transport {
  /** `target`: path and query, escaped. Throws SourceError, or the signal's reason. */
  ask(target: string, signal: AbortSignal | undefined): Promise<RestStream>;
  close(): void;
}

export async function openTransport(settings: TransportSettings): Promise<Transport> {
  const { key, proxy, concurrency } = settings;
  const endpoint = new URL(settings.endpoint);
  const pool = { keepAlive: true, maxSockets: Math.max(8, 2 * concurrency), scheduling: 'lifo' as const };
  const agents =
    proxy === undefined
      ? { httpAgent: new HttpAgent(pool), httpsAgent: new HttpsAgent(pool) }
      : (await import('#platform/http/proxy-agents.js')).proxyAgents(proxy, pool);
  const agent = endpoint.protocol === 'https:' ? agents.httpsAgent : agents.httpAgent;
  const base = endpoint.pathname.replace(/\/+$/, '');
  const headers = {
    host: endpoint.host,
    'user-agent': 'barloom',
    accept: 'application/json',
    'accept-encoding': 'gzip',
    authorization: `Bearer ${key}`,
  };
  return {
    ask: async (target, signal) => {
      signal?.throwIfAborted();
      const what = `GET ${target.replace(/\?.*$/, '')}`;
      const answer = await httpGet({
        endpoint,
        path: base + target,
        headers,
        agent,
        connectionTimeoutMs: CONNECTION_TIMEOUT_MS,
        socketTimeoutMs: SOCKET_TIMEOUT_MS,
        signal,
      }).catch((error: unknown) => {
        signal?.throwIfAborted();
        throw error instanceof SourceError || !(error instanceof Error)
          ? error
          : connectionError(error, what, endpoint.host);
      });
      if (answer.statusCode !== 200) throw await refusalOf(answer, what, key);
      return streamOf(answer, what, endpoint.host, signal);
    },
    close: () => {
      for (const one of Object.values(agents)) one.destroy();
    },
  };
}

async function refusalOf(answer: HttpAnswer, what: string, key: string): Promise<SourceError> {
  const waitMs = retryAfterMs(headersOf(answer));
  return refused({ status: answer.statusCode, body: await bodyOf(answer), waitMs, what, key });
}

/** What there is of it: the status says enough where it breaks. */
async function bodyOf(answer: HttpAnswer): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of answer) {
      chunks.push(chunk as Uint8Array);
      size += (chunk as Uint8Array).byteLength;
      if (size > LONGEST_REFUSAL) break;
    }
    const bytes = Buffer.concat(chunks);
    const isGzip = answer.headers['content-encoding'] === 'gzip';
    return (isGzip ? gunzipSync(bytes, { maxOutputLength: LONGEST_REFUSAL }) : bytes).toString('utf8');
  } catch {
    return '';
  }
}

function headersOf({ headers }: HttpAnswer): Readonly<Record<string, string | undefined>> {
  return { 'retry-after': headers['retry-after'], date: headers.date };
}

function streamOf(
  answer: HttpAnswer,
  what: string,
  host: string,
  signal: AbortSignal | undefined,
): RestStream {
  const length = Number(answer.headers['content-length']);
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of answer) yield chunk as Uint8Array;
    } catch (error) {
      signal?.throwIfAborted();
      throw error instanceof Error ? connectionError(error, what, host) : error;
    }
  }
  return {
    body: body(),
    cancel: () => {
      answer.destroy();
    },
    contentLength: Number.isFinite(length) ? length : undefined,
    contentType: answer.headers['content-type'] ?? '',
    gzipped: answer.headers['content-encoding'] === 'gzip',
  };
}
