/** Counts requests against the plan's limit: so many in any stretch of a minute, refused ones too. */
import type { RestRate } from './rest-options.js';

const MINUTE_MS = 60_000;

/** How long to wait, in ms, for a request at `now` (ms); undefined when it may pass. */
export type RateGate = (now: number) => number | undefined;

export function createRateGate({ requests, windowMs = MINUTE_MS }: RestRate): RateGate {
  const times: number[] = [];
  return (now) => {
    while (times.length > 0 && (times[0] ?? now) <= now - windowMs) times.shift();
    times.push(now);
    if (times.length <= requests) return undefined;
    // Free again when so few are left that one more is allowed.
    const last = times[times.length - requests] ?? now;
    return last + windowMs - now;
  };
}
