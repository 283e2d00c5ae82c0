/**
 * A gate with a number of places that follows what the server bears. Additive increase, multiplicative
 * decrease, as TCP does it (RFC 5681, section 3.1): halve at most once per round of requests, pause for the
 * Retry-After, win back one place after as many successes as there are places. First come, first served.
 */
import { allowManyListeners } from '#platform/http/many-listeners.js';

export interface GateSettings {
  readonly maxConcurrency: number;
  /** Monotonic clock in ms. */
  readonly now: () => number;
  /** Told whenever the number of places or the pause changes because of the server. */
  readonly onSlowDown?: ((places: number, pauseMs: number) => void) | undefined;
}

export interface Gate {
  /** @returns the round in which the request starts. @throws the signal's reason. */
  enter(signal: AbortSignal | undefined): Promise<number>;
  leave(): void;
  succeeded(): void;
  /**
   * A request that started before the last halving says nothing new: it only prolongs the pause.
   * @returns the waits that the server has asked for since its last good answer, in ms.
   */
  throttled(startedIn: number, retryAfterMs: number): number;
  /** Whoever waits, and whoever comes before the pause is over, is refused with `error`. */
  turnAway(error: unknown): void;
}

export function createGate({ maxConcurrency, now, onSlowDown }: GateSettings): Gate {
  let places = maxConcurrency;
  let inside = 0;
  let round = 0;
  let openAt = 0;
  let opening: NodeJS.Timeout | undefined;
  let totalRetryAfterMs = 0;
  let refusedWith: unknown;
  const waiting = new Map<() => void, (error: unknown) => void>();

  function admit(): void {
    const closedMs = openAt - now();
    if (closedMs > 0) {
      if (waiting.size > 0) opening ??= setTimeout(reopen, closedMs);
      return;
    }
    refusedWith = undefined;
    for (const enter of waiting.keys()) {
      if (inside >= Math.floor(places)) return;
      waiting.delete(enter);
      inside += 1;
      enter();
    }
  }

  function reopen(): void {
    opening = undefined;
    admit();
  }

  return {
    enter: (signal) =>
      new Promise<number>((resolve, reject) => {
        if (signal?.aborted === true) {
          reject(signal.reason);
          return;
        }
        if (refusedWith !== undefined && openAt > now()) {
          reject(refusedWith);
          return;
        }
        const onAbort = () => {
          waiting.delete(enter);
          if (waiting.size === 0) clearTimeout(opening);
          if (waiting.size === 0) opening = undefined;
          reject(signal?.reason);
        };
        const enter = () => {
          signal?.removeEventListener('abort', onAbort);
          resolve(round);
        };
        allowManyListeners(signal);
        signal?.addEventListener('abort', onAbort, { once: true });
        waiting.set(enter, (error) => {
          signal?.removeEventListener('abort', onAbort);
          reject(error);
        });
        admit();
      }),
    leave: () => {
      inside -= 1;
      admit();
    },
    succeeded: () => {
      totalRetryAfterMs = 0;
      places = Math.min(maxConcurrency, places + 1 / places);
    },
    throttled: (startedIn, retryAfterMs) => {
      const until = now() + retryAfterMs;
      totalRetryAfterMs += Math.max(0, until - Math.max(openAt, now()));
      openAt = Math.max(openAt, until);
      if (startedIn === round) {
        round += 1;
        places = Math.max(1, places / 2);
        onSlowDown?.(Math.floor(places), retryAfterMs);
      }
      return totalRetryAfterMs;
    },
    turnAway: (error) => {
      refusedWith = error;
      totalRetryAfterMs = 0;
      clearTimeout(opening);
      opening = undefined;
      for (const refuse of waiting.values()) refuse(error);
      waiting.clear();
    },
  };
}
