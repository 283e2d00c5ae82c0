/**
 * The plan's rate, learnt from its answers: X-RateLimit-Limit and -Remaining of a minute, which ends at
 * X-RateLimit-Reset (Unix seconds, by the server's own clock, which its Date header tells). Requests go as they
 * come while the minute has some left, and wait for its end when it has not: no 429 has to teach it.
 */
import type { Sleep } from '#platform/http/sleep.js';

export interface RateWindow {
  /** Resolves when the next request may go. Rejects with the signal's reason. */
  turn(signal: AbortSignal | undefined): Promise<void>;
  sent(): void;
  /** Once for each that was sent, with what the answer says; nothing where there was none. */
  answered(headers: RateHeaders | undefined): void;
  /** Requests a minute; undefined until an answer has said it. */
  readonly perMinute: () => number | undefined;
}

export type RateHeaders = Readonly<Record<string, string | string[] | undefined>>;

export function newRateWindow({
  now,
  sleep,
}: {
  /** Monotonic, ms. */
  readonly now: () => number;
  readonly sleep: Sleep;
}): RateWindow {
  let limit: number | undefined;
  let left = Number.POSITIVE_INFINITY;
  let endsAt = 0;
  let underWay = 0;
  return {
    perMinute: () => limit,
    turn: async (signal) => {
      while (left <= 0 && now() < endsAt) await sleep(endsAt - now(), signal);
      if (left <= 0) left = limit ?? Number.POSITIVE_INFINITY;
      left--;
    },
    sent: () => {
      underWay++;
    },
    answered: (headers) => {
      underWay--;
      const told = headers === undefined ? undefined : readRate(headers);
      if (told === undefined) return;
      limit = told.limit;
      endsAt = now() + told.resetMs;
      // The server may not have counted yet those that are on their way.
      left = told.remaining - underWay;
    },
  };
}

interface Rate {
  readonly limit: number;
  readonly remaining: number;
  /** Until the window ends. */
  readonly resetMs: number;
}

/** Later than the server says, since its seconds are whole. */
const GRACE_MS = 1000;
/** A window is a minute: what says more is another thing. */
const LONGEST_MS = 120_000;

function readRate(headers: RateHeaders): Rate | undefined {
  const limit = whole(headers['x-ratelimit-limit']);
  const remaining = whole(headers['x-ratelimit-remaining']);
  const resetMs = resetAfterMs(headers);
  if (limit === undefined || limit === 0 || remaining === undefined || resetMs === undefined)
    return undefined;
  return { limit, remaining, resetMs };
}

/** Ms until the window ends, for who was refused; undefined where the answer does not say. */
export function resetAfterMs(headers: RateHeaders): number | undefined {
  const reset = whole(headers['x-ratelimit-reset']);
  const date = Date.parse(String(headers['date'] ?? ''));
  if (reset === undefined || Number.isNaN(date)) return undefined;
  const ms = reset * 1000 - date + GRACE_MS;
  return ms > LONGEST_MS ? undefined : Math.max(0, ms);
}

function whole(value: string | string[] | undefined): number | undefined {
  return typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : undefined;
}
