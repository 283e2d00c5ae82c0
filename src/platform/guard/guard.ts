/**
 * The guards round a request, in the one order that is right: retry outermost, so that its waits hold no
 * place in the gate; the gate before the rate limit; the watchdog inside, so that queueing is not taken for
 * silence; counting innermost, so that every attempt counts.
 */

import { withBandwidth } from './bandwidth.js';
import { type RequestCounters, withCounting } from './counting.js';
import { withRateLimit } from './rate-limit.js';
import { type Guard, unguarded } from './request.js';
import { type OnNamedRetry, type RetryPolicy, withRetry } from './retry.js';
import { withSlowDown } from './slow-down.js';
import { type WatchdogSettings, withWatchdog } from './watchdog.js';

/**
 * A whole answer or headers within 30 s, a byte every 30 s, 2 kB a second over a minute: below that, a fresh
 * connection is better.
 */
export const DEFAULT_WATCHDOG: WatchdogSettings = {
  headersMs: 30_000,
  stallMs: 30_000,
  minBytesPerSecond: 2_000,
  windowMs: 60_000,
};

/**
 * Five attempts, up to 0.5, 1, 2 and 4 s apart: about 4 s on average before a day or an endpoint is given up.
 */
export const DEFAULT_RETRY = { attempts: 5, baseMs: 500, capMs: 20_000 } as const;

export interface GuardSettings {
  readonly retry: RetryPolicy;
  readonly maxConcurrency: number;
  /** Requests a second; no limit where undefined. */
  readonly rateLimit?: number | undefined;
  /** Bytes of bodies a second, of all together; no limit where undefined. */
  readonly bandwidth?: number | undefined;
  readonly watchdog: WatchdogSettings;
  readonly counters: RequestCounters;
  /** Monotonic clock in ms. */
  readonly now: () => number;
  readonly onSlowDown?: ((places: number, pauseMs: number) => void) | undefined;
  /** Told, besides the policy's own, before something whole (a listing, a page) is asked for again. */
  readonly onWholeRetry?: OnNamedRetry | undefined;
}

/**
 * One for all requests to a server: they share its gate, its rate and its counters. What is whole is retried
 * here; what is streamed by the caller, with `retry()` round head, body and verification: one count of
 * attempts.
 */
export function createGuard(settings: GuardSettings): Guard {
  const { retry, maxConcurrency, rateLimit, bandwidth, watchdog, counters, now, onSlowDown, onWholeRetry } =
    settings;
  const watched = withWatchdog(withCounting(unguarded, counters), watchdog);
  const paced =
    rateLimit === undefined
      ? watched
      : withRateLimit(watched, { perSecond: rateLimit, now, sleep: retry.sleep });
  const metered =
    bandwidth === undefined
      ? paced
      : withBandwidth(paced, { bytesPerSecond: bandwidth, now, sleep: retry.sleep });
  const gated = withSlowDown(metered, { maxConcurrency, now, onSlowDown });
  return { whole: withRetry(gated, retry, onWholeRetry).whole, streamed: gated.streamed };
}
