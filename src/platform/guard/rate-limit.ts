/**
 * At most so many requests a second, evenly spaced and without bursts, over all who ask through it. A listing
 * counts as one: a month fits into one page.
 */

import type { Sleep } from '#platform/http/sleep.js';
import type { Guard } from './request.js';

export interface RateLimitSettings {
  /** Above 0; a fraction means less than one a second. */
  readonly perSecond: number;
  /** Monotonic clock in ms. */
  readonly now: () => number;
  readonly sleep: Sleep;
}

export function withRateLimit(inner: Guard, { perSecond, now, sleep }: RateLimitSettings): Guard {
  const spacingMs = 1000 / perSecond;
  let nextAt = Number.NEGATIVE_INFINITY;

  async function turn(signal: AbortSignal | undefined): Promise<void> {
    const time = now();
    const at = Math.max(time, nextAt);
    nextAt = at + spacingMs;
    if (at > time) await sleep(at - time, signal);
    signal?.throwIfAborted();
  }

  return {
    whole: async (request) => {
      await turn(request.signal);
      return inner.whole(request);
    },
    streamed: async (request) => {
      await turn(request.signal);
      return inner.streamed(request);
    },
  };
}
