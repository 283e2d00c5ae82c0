/**
 * What the thread of objects-thread.ts does: listings and gets, many at once, through the guards. Every request
 * is answered, with what was found or with why not.
 */
import type { MessagePort } from 'node:worker_threads';
import { collect } from '#platform/guard/collect.js';
import { createCounters } from '#platform/guard/counting.js';
import { DEFAULT_RETRY } from '#platform/guard/guard.js';
import { type RetryPolicy, retry } from '#platform/guard/retry.js';
import { sleep } from '#platform/http/sleep.js';
import { type DescribedError, describeError } from '#platform/threads/thread-error.js';
import { guardSource } from './guard-source.js';
import type { ListedObject, Source } from './port.js';
import { openS3 } from './s3-source.js';
import type { S3Settings } from './settings.js';

export interface ThreadData {
  readonly settings: S3Settings;
  readonly port: MessagePort;
  /** The first counts the answers, and whoever waits for one is woken; the second is 1 once the thread listens. */
  readonly answers: Int32Array;
}

/** Of an object: all of it, or from `start` on and below `end`. */
export interface ObjectPart {
  readonly key: string;
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  /** More is refused, in bytes. */
  readonly maxBytes: number;
}

export type ThreadRequest =
  | { readonly id: number; readonly list: readonly string[] }
  | { readonly id: number; readonly get: readonly ObjectPart[] };

/** In the order of what was asked for. */
export interface ThreadAnswer {
  readonly id: number;
  readonly results: readonly ThreadResult[];
}

export type ThreadResult =
  | { readonly objects: readonly ListedObject[] }
  | { readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly error: DescribedError };

/** 20 s for an answer, 15 s of silence, or less than 2 kB a second over 30 s: then a fresh connection is better. */
const WATCHDOG = { headersMs: 20_000, stallMs: 15_000, minBytesPerSecond: 2000, windowMs: 30_000 } as const;

export function serveObjects({ settings, port, answers }: ThreadData): void {
  const policy: RetryPolicy = { ...DEFAULT_RETRY, sleep, random: Math.random };
  let opened: Promise<Source> | undefined;
  const source = (): Promise<Source> => {
    opened ??= openS3(settings).then((plain) =>
      guardSource(plain, {
        retry: policy,
        maxConcurrency: settings.concurrency,
        watchdog: WATCHDOG,
        counters: createCounters(),
        now: () => performance.now(),
      }),
    );
    return opened;
  };
  const getPart = ({ key, start, end, maxBytes }: ObjectPart): Promise<ThreadResult> =>
    retry(async () => {
      const stream = await (await source()).get(key, { start, end });
      return { bytes: await collect(stream, { maxBytes }) };
    }, policy);
  const listOne = async (prefix: string): Promise<ThreadResult> => ({
    objects: await (await source()).list(prefix),
  });
  const answered = (results: readonly Promise<ThreadResult>[]): Promise<readonly ThreadResult[]> =>
    Promise.all(results.map((one) => one.catch((error: unknown) => ({ error: describeError(error) }))));

  Atomics.store(answers, 1, 1);
  Atomics.notify(answers, 1);
  port.on('message', async (request: ThreadRequest) => {
    const results = await answered('list' in request ? request.list.map(listOne) : request.get.map(getPart));
    const buffers = results.flatMap((one) => ('bytes' in one ? [one.bytes.buffer] : []));
    port.postMessage({ id: request.id, results } satisfies ThreadAnswer, buffers);
    Atomics.add(answers, 0, 1);
    Atomics.notify(answers, 0);
  });
}
