/**
 * Copies that are adopted, because a run was killed between a day's file and its record or progress.json was
 * lost: what of them no series has is learnt with them.
 */
import { leftOutOfCopy } from '#ingest/day/left-out-of-copy.js';
import type { PlannedDay } from '#ingest/plan/plan.js';
import type { RunParts } from './run.js';

/** Large days that are looked through in one run: as many as a kill can leave, and not an archive of years. */
const LARGE_DAYS = 10;

/** The plan, newest first, with more in its records. Throws the disk's error, or the signal's reason. */
export async function learnLeftOut(
  plan: readonly PlannedDay[],
  { archive, request: { dataset }, context: { signal } }: RunParts,
): Promise<readonly PlannedDay[]> {
  let left = dataset.inPieces ? LARGE_DAYS : Number.POSITIVE_INFINITY;
  const learnt: PlannedDay[] = [];
  for (const planned of plan) {
    const { day, adopt } = planned;
    if (adopt === undefined || adopt.left_out !== undefined || left <= 0) {
      learnt.push(planned);
      continue;
    }
    left--;
    signal.throwIfAborted();
    const leftOut = leftOutOfCopy(archive, dataset, day);
    learnt.push(leftOut === undefined ? planned : { ...planned, adopt: { ...adopt, left_out: leftOut } });
    // Signals and timers get their turn in between.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return learnt;
}
