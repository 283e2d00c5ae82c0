/**
 * Ends a body in which no byte arrives, or that only drips, which no socket timeout notices. Only time spent
 * waiting for the other side counts; a slow reader is not blamed on the network.
 */
import { SourceError } from '#platform/http/source-error.js';
import type { BodyStream } from './request.js';

export interface BodyPace {
  /** Longest wait for the next bytes of a body, in ms. */
  readonly stallMs: number;
  /** Slowest average that is borne over `windowMs` of waiting. */
  readonly minBytesPerSecond: number;
  readonly windowMs: number;
}

/** What holds a request: `abort` ends it from outside, `release` lets go once it has ended by itself. */
export interface Leash {
  readonly signal: AbortSignal;
  readonly abort: (reason: unknown) => void;
  readonly release: () => void;
}

/**
 * Time is counted in ticks of one interval rather than by the clock: a blocked event loop or a suspended
 * computer makes ticks fall out, and is not mistaken for silence.
 */
export function watchBody<T extends BodyStream>(
  stream: T,
  what: string,
  settings: BodyPace,
  leash: Leash,
): T {
  const { stallMs, windowMs, minBytesPerSecond } = settings;
  const tickMs = Math.max(5, Math.min(stallMs, windowMs) / 8);
  let timer: NodeJS.Timeout | undefined;
  let refusePending: ((error: unknown) => void) | undefined;
  let silentMs = 0;
  let windowSpentMs = 0;
  let windowBytes = 0;

  const end = () => {
    clearInterval(timer);
    refusePending = undefined;
    leash.release();
  };
  const give = (message: string) => {
    const error = new SourceError('network', `${what}: ${message}.`);
    const refuse = refusePending;
    end();
    leash.abort(error);
    stream.cancel();
    refuse?.(error);
  };
  const tick = () => {
    if (refusePending === undefined) return;
    silentMs += tickMs;
    windowSpentMs += tickMs;
    if (silentMs >= stallMs) {
      give(`no byte for ${stallMs} ms`);
    } else if (windowSpentMs >= windowMs) {
      const rate = Math.round((windowBytes * 1000) / windowSpentMs);
      if (rate < minBytesPerSecond) give(`${rate} bytes a second, fewer than ${minBytesPerSecond}`);
      windowSpentMs = 0;
      windowBytes = 0;
    }
  };

  function watched(): AsyncIterator<Uint8Array> {
    const inner = stream.body[Symbol.asyncIterator]();
    timer = setInterval(tick, tickMs).unref();
    return {
      next: () =>
        new Promise((resolve, reject) => {
          refusePending = reject;
          inner.next().then(
            (result) => {
              refusePending = undefined;
              silentMs = 0;
              if (result.done === true) end();
              else windowBytes += result.value.byteLength;
              resolve(result);
            },
            (error: unknown) => {
              end();
              reject(error);
            },
          );
        }),
      return: async () => {
        end();
        await inner.return?.();
        return { done: true, value: undefined };
      },
    };
  }

  return {
    ...stream,
    body: { [Symbol.asyncIterator]: watched },
    cancel: () => {
      end();
      stream.cancel();
    },
  };
}
