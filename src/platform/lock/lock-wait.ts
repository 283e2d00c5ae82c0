/** Waiting for a lock that another run holds, rather than leaving: looked at again and again, until a limit. */
import { sleep } from '#platform/http/sleep.js';
import { LockedError } from './locked-error.js';

export interface LockWait {
  /** For so long at most, ms; Infinity: as long as it takes. */
  readonly limitMs: number;
  /** Ends the waiting: its reason is thrown. */
  readonly signal: AbortSignal;
  /** Once, before the waiting. */
  readonly onWait: (refusal: LockedError) => void;
}

const PAUSE_MS = 200;

/**
 * What `attempt` resolves to, once it does not end in a LockedError any more. Throws the last LockedError when
 * the limit is over, or the signal's reason.
 */
export async function waitingForLock<T>(wait: LockWait | undefined, attempt: () => Promise<T>): Promise<T> {
  for (let waited = 0; ; ) {
    try {
      return await attempt();
    } catch (error) {
      if (wait === undefined || !(error instanceof LockedError) || waited >= wait.limitMs) throw error;
      if (waited === 0) wait.onWait(error);
    }
    const pause = Math.min(PAUSE_MS, wait.limitMs - waited);
    await sleep(pause, wait.signal);
    waited += pause;
  }
}
