/**
 * One gate for all requests of a run: when the server says 429 or 503 to one, all slow down, and recover
 * together.
 */

import { LONGEST_RETRY_AFTER_MS } from '#platform/http/retry-after.js';
import { SourceError } from '#platform/http/source-error.js';
import { createGate, type GateSettings } from './gate.js';
import { observeBody } from './observe-body.js';
import type { Guard } from './request.js';

/** A place is held until the body has ended, so the limit is on transfers, not only on requests. */
export function withSlowDown(inner: Guard, settings: GateSettings): Guard {
  const gate = createGate(settings);

  async function throughGate<T>(signal: AbortSignal | undefined, request: () => Promise<T>): Promise<T> {
    const round = await gate.enter(signal);
    try {
      const result = await request();
      gate.succeeded();
      return result;
    } catch (error) {
      const judged =
        error instanceof SourceError && error.kind === 'throttled' ? slowed(error, round) : error;
      gate.leave();
      throw judged;
    }
  }

  /**
   * The error to throw in the place of `error`: a final one where the server asks for a longer wait than it
   * is granted.
   */
  function slowed(error: SourceError, round: number): SourceError {
    const totalMs = gate.throttled(round, error.retryAfterMs ?? 0);
    if (totalMs <= LONGEST_RETRY_AFTER_MS) return error;
    const { message, status, retryAfterMs, cause } = error;
    const final = new SourceError(
      'throttled',
      `${message.replace(/\.$/, '')}: the server asks for a wait of ${Math.round(totalMs / 60_000)} min in all.`,
      { status, retryAfterMs, cause, final: true },
    );
    gate.turnAway(final);
    return final;
  }

  return {
    whole: async (request) => {
      const answer = await throughGate(request.signal, () => inner.whole(request));
      gate.leave();
      return answer;
    },
    streamed: async (request) =>
      observeBody(await throughGate(request.signal, () => inner.streamed(request)), { onEnd: gate.leave }),
  };
}
