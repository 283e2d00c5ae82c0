/**
 * At most so many requests a second, evenly spaced and without bursts, over all callers of one source. A listing counts as
 * one: a month fits into one page.
 */

import type { Sleep } from '#platform/http/sleep.js';
import type { Source } from '#vendors/flatfiles/port.js';

export interface RateLimitSettings {
  /** Above 0; a fraction means less than one a second. */
  readonly perSecond: number;
  /** Monotonic clock in ms. */
  readonly now: () => number;
  readonly sleep: Sleep;
}

export function withRateLimit(source: Source, { perSecond, now, sleep }: RateLimitSettings): Source {
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
    identity: source.identity,
    list: async (prefix, options) => {
      await turn(options?.signal);
      return source.list(prefix, options);
    },
    get: async (key, options) => {
      await turn(options?.signal);
      return source.get(key, options);
    },
    close: () => source.close(),
  };
}
