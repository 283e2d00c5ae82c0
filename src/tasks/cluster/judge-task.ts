/** What a queue does with a task that ended, or that could not. Pure. */
import type { DayOutcome } from '#ingest/cluster/task.js';
import { SourceError } from '#platform/http/source-error.js';
import type { Verdict } from '#platform/queue/job-worker.js';
import { BucketError } from '#store/bucket/bucket-error.js';

const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 3_600_000;
const SHOWN = 3;

/**
 * The first line that fits decides:
 *
 * | a day of it is       | the task                                               |
 * |----------------------|--------------------------------------------------------|
 * | damaged, not dead    | again: the bucket counts, and the third is the last    |
 * | dead, or gone        | dead, with the reasons                                 |
 * | nothing of these     | done                                                   |
 */
export function judgeOutcomes(outcomes: readonly DayOutcome[]): Verdict {
  const reasons = (state: readonly DayOutcome['state'][]): readonly string[] =>
    outcomes.flatMap((one) => ('why' in one && state.includes(one.state) ? [`${one.day}: ${one.why}`] : []));
  const damaged = reasons(['damaged']);
  if (damaged.length > 0) return { kind: 'again', why: someOf(damaged) };
  const dead = reasons(['dead', 'gone']);
  return dead.length > 0 ? { kind: 'dead', why: someOf(dead) } : { kind: 'done' };
}

function someOf(reasons: readonly string[]): string {
  const more = reasons.length - SHOWN;
  return reasons.slice(0, SHOWN).join('; ') + (more > 0 ? `; and ${more} more` : '');
}

/**
 * | error                                        | the task                                         |
 * |----------------------------------------------|--------------------------------------------------|
 * | throttled (429, 503)                         | limited: all workers wait, as long as was asked   |
 * | network, server, clock, changed, cut off     | again                                            |
 * | the bucket has another text                  | dead: somebody has to look                       |
 * | keys, settings, disk                         | undefined: this machine's trouble, not the task's |
 */
export function judgeTaskError(error: unknown): Verdict | undefined {
  if (error instanceof BucketError) return { kind: 'dead', why: error.message };
  if (!(error instanceof SourceError)) return undefined;
  switch (error.kind) {
    case 'throttled':
      return {
        kind: 'limited',
        waitMs: Math.min(LONGEST_WAIT_MS, error.retryAfterMs ?? FIRST_WAIT_MS),
      };
    case 'unauthenticated':
    case 'denied':
    case 'configuration':
      return undefined;
    default:
      return { kind: 'again', why: error.message };
  }
}
