/** The exit code of a task. Pure. */
import type { DayOutcome } from '#ingest/cluster/task.js';
import { EXIT } from '../exit-code.js';

/**
 * The first line that fits decides:
 *
 * | a day of it is       | exit code                               |
 * |----------------------|-----------------------------------------|
 * | damaged, not dead    | 5: run the same task again              |
 * | dead, or gone        | 3: running it again changes nothing     |
 * | nothing of these     | 0                                       |
 */
export function taskExitCode(outcomes: readonly Pick<DayOutcome, 'state'>[]): number {
  const states = new Set(outcomes.map(({ state }) => state));
  if (states.has('damaged')) return EXIT.network;
  return states.has('dead') || states.has('gone') ? EXIT.incomplete : EXIT.ok;
}
