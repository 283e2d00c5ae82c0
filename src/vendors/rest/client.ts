/**
 * The REST API behind the guards that stand round every request: an answer is whole, JSON, and of the server
 * that was asked, or there is an error whose kind says what to do.
 */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { collect } from '#platform/guard/collect.js';
import type { Guard } from '#platform/guard/request.js';
import { type RetryPolicy, retry } from '#platform/guard/retry.js';
import { SourceError } from '#platform/http/source-error.js';
import { nextTarget } from './next-url.js';
import type { RestStream, Transport } from './transport.js';

/** More than any page: 50,000 statements are 65 MB. */
const MOST_BYTES = 192 << 20;

export interface RestClientSettings {
  readonly transport: Transport;
  readonly endpoint: string;
  readonly guard: Guard;
  readonly retry: RetryPolicy;
  /** What to wait after a 429 that says nothing of how long, ms. */
  readonly quietWaitMs: number | undefined;
}

export interface RestRequest {
  /** Path and query, escaped. */
  readonly target: string;
  readonly signal: AbortSignal | undefined;
}

export interface RestClient {
  /** `read` makes of the text what is wanted; where it says that it is no JSON, it is asked for again. */
  get<T>(request: RestRequest, read: (text: string) => T): Promise<T>;
  /** The target of a `next_url`. Throws SourceError for another server's. */
  next(url: string): string;
  close(): void;
}

export function restClient(settings: RestClientSettings): RestClient {
  const { transport, guard, retry: policy, quietWaitMs, endpoint } = settings;
  const once = async <T>({ target, signal }: RestRequest, read: (text: string) => T): Promise<T> => {
    const name = target.replace(/\?.*$/, '');
    const stream = await guard.streamed({
      verb: 'GET',
      name,
      signal,
      ask: (inner) => transport.ask(target, inner).catch(waiting),
    });
    const bytes = await collect(stream, { maxBytes: MOST_BYTES });
    return read(await textOf(bytes, stream, name));
  };
  const waiting = (error: unknown): never => {
    const isQuiet = error instanceof SourceError && error.status === 429 && error.retryAfterMs === undefined;
    if (!isQuiet || quietWaitMs === undefined) throw error;
    const { kind, message, status } = error;
    throw new SourceError(kind, message, { status, retryAfterMs: quietWaitMs });
  };
  return {
    get: (request, read) =>
      retry(() => once(request, read), { ...policy, signal: request.signal ?? policy.signal }),
    next: (url) => nextTarget(url, endpoint),
    close: transport.close,
  };
}

const inflate = promisify(gunzip);

async function textOf(
  bytes: Uint8Array,
  { gzipped, contentType }: Pick<RestStream, 'gzipped' | 'contentType'>,
  name: string,
): Promise<string> {
  const whole = gzipped ? await inflated(bytes, name) : bytes;
  const text = Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength).toString('utf8');
  if (/^\s*[[{]/.test(text.slice(0, 100))) return text;
  const kind = /^[\w.+/-]+/.exec(contentType)?.[0] ?? 'something else';
  throw new SourceError(
    'server',
    `GET ${name}: the answer is ${kind} and no JSON: does a portal stand in between?`,
  );
}

async function inflated(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  try {
    return await inflate(bytes, { maxOutputLength: MOST_BYTES });
  } catch {
    throw new SourceError('damaged', `GET ${name}: the answer's gzip is damaged`);
  }
}
