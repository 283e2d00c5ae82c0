/**
 * A gate with a number of places that follows what the server bears. Additive increase, multiplicative decrease, as TCP
 * does it (RFC 5681, section 3.1): halve at most once per round of requests, pause for the Retry-After, win back one place
 * after as many successes as there are places. First come, first served.
 */
import { allowManyListeners } from './many-listeners.js';

/** A longer Retry-After is cut to this, in ms. */
const LONGEST_PAUSE_MS = 60_000;

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
  /** A request that started before the last halving says nothing new: it only prolongs the pause. */
  throttled(startedIn: number, retryAfterMs: number): void;
}

export function createGate({ maxConcurrency, now, onSlowDown }: GateSettings): Gate {
  let places = maxConcurrency;
  let inside = 0;
  let round = 0;
  let openAt = 0;
  let opening: NodeJS.Timeout | undefined;
  const waiting = new Set<() => void>();

  function admit(): void {
    const closedMs = openAt - now();
    if (closedMs > 0) {
      if (waiting.size > 0) opening ??= setTimeout(reopen, closedMs);
      return;
    }
    for (const enter of waiting) {
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
        waiting.add(enter);
        admit();
      }),
    leave: () => {
      inside -= 1;
      admit();
    },
    succeeded: () => {
      places = Math.min(maxConcurrency, places + 1 / places);
    },
    throttled: (startedIn, retryAfterMs) => {
      const pauseMs = Math.min(retryAfterMs, LONGEST_PAUSE_MS);
      openAt = Math.max(openAt, now() + pauseMs);
      if (startedIn === round) {
        round += 1;
        places = Math.max(1, places / 2);
        onSlowDown?.(Math.floor(places), pauseMs);
      }
    },
  };
}
