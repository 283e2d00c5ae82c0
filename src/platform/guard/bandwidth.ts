/**
 * At most so many bytes a second of bodies, over all transfers that go through it: each chunk is handed on when
 * its turn comes, and the connection's own flow control slows the server down.
 */
import type { Sleep } from '#platform/http/sleep.js';
import type { BodyStream, Guard } from './request.js';

export interface BandwidthSettings {
  readonly bytesPerSecond: number;
  /** Monotonic clock in ms. */
  readonly now: () => number;
  readonly sleep: Sleep;
}

/** Outside of the watchdog, which takes a slow reader for no silence. */
export function withBandwidth(inner: Guard, { bytesPerSecond, now, sleep }: BandwidthSettings): Guard {
  let nextAt = Number.NEGATIVE_INFINITY;

  async function turn(bytes: number, signal: AbortSignal | undefined): Promise<void> {
    const time = now();
    const at = Math.max(time, nextAt);
    nextAt = at + (bytes * 1000) / bytesPerSecond;
    if (at > time) await sleep(at - time, signal);
  }

  function paced<T extends BodyStream>(stream: T, signal: AbortSignal | undefined): T {
    async function* body(): AsyncGenerator<Uint8Array> {
      for await (const chunk of stream.body) {
        await turn(chunk.byteLength, signal);
        yield chunk;
      }
    }
    return { ...stream, body: { [Symbol.asyncIterator]: body } };
  }

  return {
    whole: inner.whole,
    streamed: async (request) => paced(await inner.streamed(request), request.signal),
  };
}
