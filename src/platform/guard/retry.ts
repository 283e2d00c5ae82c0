/**
 * Asks again after trouble that may pass: exponential backoff with full jitter, and never sooner than the
 * server's Retry-After. What cannot pass (denied, not found, wrong keys, our own abort) is thrown at once.
 * Source of the jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ ("full
 * jitter").
 */

import { LONGEST_RETRY_AFTER_MS } from '#platform/http/retry-after.js';
import type { Sleep } from '#platform/http/sleep.js';
import { isTransient, SourceError } from '#platform/http/source-error.js';
import type { Guard, GuardedRequest } from './request.js';

export interface RetryPolicy {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** Upper bound of the wait after the first failure, in ms; it doubles with each further one. */
  readonly baseMs: number;
  /** Upper bound of any wait that the server did not ask for, in ms. */
  readonly capMs: number;
  readonly sleep: Sleep;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly signal?: AbortSignal | undefined;
  /** Told before each wait: why, after which attempt (from 1), and how long in ms. */
  readonly onRetry?: ((error: SourceError, attempt: number, waitMs: number) => void) | undefined;
}

/**
 * @param attempt gets its number, from 1.
 * @throws the last attempt's error, the first that is not transient, or the signal's reason.
 */
export async function retry<T>(attempt: (n: number) => Promise<T>, policy: RetryPolicy): Promise<T> {
  for (let n = 1; ; n += 1) {
    policy.signal?.throwIfAborted();
    try {
      return await attempt(n);
    } catch (error) {
      policy.signal?.throwIfAborted();
      if (!(error instanceof SourceError) || !isTransient(error)) throw error;
      if (error.final || n >= policy.attempts) throw error;
      const waitMs = retryWaitMs(error, n, policy);
      policy.onRetry?.(error, n, waitMs);
      await policy.sleep(waitMs, policy.signal);
    }
  }
}

/**
 * The wait after attempt `n`: full jitter, on top of what the server asked for, so that not all come back at
 * once.
 */
export function retryWaitMs(
  error: SourceError,
  n: number,
  policy: Pick<RetryPolicy, 'baseMs' | 'capMs' | 'random'>,
): number {
  const jitter = policy.random() * Math.min(policy.capMs, policy.baseMs * 2 ** (n - 1));
  return Math.round(Math.min(error.retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS) + jitter);
}

/** A policy's `onRetry`, with the name of what is asked for again. */
export type OnNamedRetry = (name: string, error: SourceError, attempt: number, waitMs: number) => void;

/** Repeats requests until they are answered; a body that breaks later is the caller's to repeat. */
export function withRetry(inner: Guard, policy: RetryPolicy, onRetry?: OnNamedRetry): Guard {
  const policyFor = ({ name, signal }: Pick<GuardedRequest<unknown>, 'name' | 'signal'>): RetryPolicy => ({
    ...policy,
    signal: signal ?? policy.signal,
    onRetry: (error, attempt, waitMs) => {
      policy.onRetry?.(error, attempt, waitMs);
      onRetry?.(name, error, attempt, waitMs);
    },
  });
  return {
    whole: (request) => retry(() => inner.whole(request), policyFor(request)),
    streamed: (request) => retry(() => inner.streamed(request), policyFor(request)),
  };
}
