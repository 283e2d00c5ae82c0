/** --break-lock and --wait-lock, as whoever takes a lock wants them. */
import type { Invocation } from '#cli/invocation.js';
import { safeText } from '#cli/output/safe-text.js';
import { UsageError } from '#cli/usage-error.js';
import type { LockWait } from '#platform/lock/lock-wait.js';

export interface LockChoice {
  readonly breakLock: boolean;
  readonly waitLock: LockWait | undefined;
}

/** Throws UsageError. */
export function lockChoice({ flags, environment }: Pick<Invocation, 'flags' | 'environment'>): LockChoice {
  const seconds = secondsOf(flags['waitLock']);
  const waitLock: LockWait | undefined =
    seconds === undefined
      ? undefined
      : {
          limitMs: seconds * 1000,
          signal: environment.signal,
          onWait: ({ inUse }) => environment.stderr(`barloom: ${safeText(inUse)} Waiting for it.\n`),
        };
  return { breakLock: flags['breakLock'] === true, waitLock };
}

/** Infinity where it is given without a number. */
function secondsOf(given: unknown): number | undefined {
  if (given === undefined) return undefined;
  if (given === true) return Number.POSITIVE_INFINITY;
  const seconds = Number(given);
  if (String(given).trim() === '' || !(seconds >= 0 && seconds < 1e9))
    throw new UsageError(
      `--wait-lock ${safeText(String(given))} is not a number of seconds: write --wait-lock 600, or --wait-lock as the last word.`,
    );
  return seconds;
}
