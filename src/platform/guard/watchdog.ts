/**
 * Ends what would hang: an answer that does not begin, and (watch-body.ts) a body that stalls or only drips.
 * Timers never keep the process alive, and none is left behind.
 */

import { allowManyListeners } from '#platform/http/many-listeners.js';
import { SourceError } from '#platform/http/source-error.js';
import type { Guard } from './request.js';
import { type BodyPace, type Leash, watchBody } from './watch-body.js';

export interface WatchdogSettings extends BodyPace {
  /** Longest wait for a whole answer, or for the headers of one whose body follows, in ms. */
  readonly headersMs: number;
}

/** @throws SourceError 'network' in place of a hang; the request or stream underneath is ended. */
export function withWatchdog(inner: Guard, settings: WatchdogSettings): Guard {
  const { headersMs } = settings;
  return {
    whole: async (request) => {
      const what = `${request.verb} ${request.name}`;
      const leash = followSignal(request.signal);
      try {
        return await inTime(inner.whole({ ...request, signal: leash.signal }), what, headersMs, leash);
      } finally {
        leash.release();
      }
    },
    streamed: async (request) => {
      const what = `${request.verb} ${request.name}`;
      const leash = followSignal(request.signal);
      const asked = inner.streamed({ ...request, signal: leash.signal });
      try {
        return watchBody(await inTime(asked, what, headersMs, leash), what, settings, leash);
      } catch (error) {
        leash.release();
        asked.then(
          (stream) => stream.cancel(),
          () => {},
        );
        throw error;
      }
    },
  };
}

/**
 * A signal that the watchdog can abort and that follows the caller's until released (AbortSignal.any is never
 * released).
 */
function followSignal(outer: AbortSignal | undefined): Leash {
  outer?.throwIfAborted();
  const own = new AbortController();
  const follow = () => own.abort(outer?.reason);
  allowManyListeners(outer);
  outer?.addEventListener('abort', follow, { once: true });
  return {
    signal: own.signal,
    abort: (reason) => own.abort(reason),
    release: () => outer?.removeEventListener('abort', follow),
  };
}

function inTime<T>(asked: Promise<T>, what: string, headersMs: number, { signal, abort }: Leash): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    const tooLate = () => abort(new SourceError('network', `${what}: no answer within ${headersMs} ms.`));
    const timer = setTimeout(tooLate, headersMs).unref();
    asked.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    });
  });
}
