/**
 * A body that goes on where it broke: what has arrived is kept, and the rest is asked for with Range, and
 * with If-Match so that two versions of an object never become one. For objects that take minutes; small ones
 * are fetched again whole.
 */

import { type RetryPolicy, retryWaitMs } from '#platform/guard/retry.js';
import { isTransient, SourceError } from '#platform/http/source-error.js';
import type { ObjectStream, Source } from '#platform/s3/port.js';

export interface ResumeOptions {
  readonly signal: AbortSignal;
  /** The size in the listing, where it is known and still holds. */
  readonly expectedSize: (stream: ObjectStream) => number | undefined;
  readonly retry: RetryPolicy;
  /** Told when the transfer goes on from a byte. */
  readonly onResume?: (from: number, reason: string) => void;
}

/** So much has to arrive for a break to count as the first again, bytes. */
const PROGRESS_BYTES = 1 << 20;

/**
 * The first request is not repeated here: the caller does that, round all. Where going on is not possible
 * `body` throws: what the break was, where there is no ETag to hold the rest to; 'damaged', where the object
 * was replaced meanwhile or the server knows no ranges.
 */
export async function getResuming(
  source: Source,
  key: string,
  options: ResumeOptions,
): Promise<ObjectStream> {
  const { signal, retry, onResume } = options;
  const first = await source.get(key, { signal });
  const size = first.contentLength ?? options.expectedSize(first);
  let current = first;
  async function* body(): AsyncGenerator<Uint8Array> {
    let received = 0;
    let receivedAtBreak = 0;
    let breaks = 0;
    for (;;) {
      let reason: SourceError;
      try {
        for await (const chunk of current.body) {
          received += chunk.byteLength;
          yield chunk;
        }
        if (size === undefined || received >= size) return;
        reason = new SourceError('network', `GET ${key}: it ended after ${received} of ${size} bytes.`);
      } catch (error) {
        if (!(error instanceof SourceError) || !isTransient(error) || signal.aborted) throw error;
        reason = error;
      }
      breaks = received - receivedAtBreak >= PROGRESS_BYTES ? 1 : breaks + 1;
      receivedAtBreak = received;
      current = await goOn(received, breaks, reason);
    }
  }
  const goOn = async (from: number, breaks: number, why: SourceError): Promise<ObjectStream> => {
    if (from === 0 || first.etag === undefined || size === undefined) throw why;
    for (let attempt = breaks, reason = why; ; attempt++) {
      if (attempt >= retry.attempts) throw reason;
      await retry.sleep(retryWaitMs(reason, attempt, retry), signal);
      try {
        const rest = await source.get(key, { signal, start: from, ifMatch: first.etag });
        if (rest.contentLength !== undefined && rest.contentLength !== size - from) {
          rest.cancel();
          throw new SourceError(
            'changed',
            `GET ${key}: ${rest.contentLength} bytes from byte ${from}, of ${size}.`,
          );
        }
        onResume?.(from, reason.message);
        return rest;
      } catch (error) {
        if (!(error instanceof SourceError) || signal.aborted) throw error;
        // Another version by now, or a server that knows no ranges: whole again, from the beginning.
        if (error.kind === 'changed' || error.status === 200) throw new SourceError('damaged', error.message);
        if (!isTransient(error)) throw error;
        reason = error;
      }
    }
  };
  return {
    ...first,
    body: { [Symbol.asyncIterator]: body },
    cancel: () => current.cancel(),
  };
}
