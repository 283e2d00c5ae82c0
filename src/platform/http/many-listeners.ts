/**
 * One AbortSignal ends a whole run, so every request under way listens to it. Node warns of a leak from the
 * eleventh listener on; here it is none, since each is removed when its request ends.
 */
import { setMaxListeners } from 'node:events';

/** Lifts the limit of `signal`, if there is one. Idempotent. */
export function allowManyListeners(signal: AbortSignal | undefined): void {
  if (signal !== undefined) setMaxListeners(0, signal);
}
