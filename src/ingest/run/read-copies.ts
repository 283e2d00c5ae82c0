/**
 * The days that our own copies hold: read one after another, or rebuilt together. A copy that turns out to be
 * damaged is fetched again.
 */
import type { PlannedDay } from '#ingest/plan/plan.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import type { Attempts } from './attempts.js';
import { readCopy } from './read-copy.js';
import { rebuildDays } from './rebuild-days.js';
import type { Run } from './run.js';

export async function readCopies(todo: readonly PlannedDay[], run: Run, attempts: Attempts): Promise<void> {
  for (const planned of todo) {
    if (planned.action !== 'archive') continue;
    if (run.signal.aborted) return;
    await readOrRefetch(planned, run, attempts, true);
    // Reading is synchronous and quick; signals and timers get their turn in between.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function readOrRefetch(
  planned: PlannedDay,
  run: Run,
  attempts: Attempts,
  mayWait: boolean,
): Promise<void> {
  try {
    await readCopy(planned, run, mayWait);
  } catch (error) {
    if (!(error instanceof ArchiveDamage)) throw error;
    await attempts.refetch(planned, `our copy is damaged (${error.message})`);
  }
}

/** The days whose bars go to every ticker. */
export async function rebuildWaiting(
  todo: readonly PlannedDay[],
  run: Run,
  attempts: Attempts,
): Promise<void> {
  try {
    await rebuildDays(run.waiting, run);
  } catch (error) {
    if (!(error instanceof ArchiveDamage)) throw error;
    // One copy is damaged: each is read by itself, so that the damaged one is found and fetched again.
    const waiting = new Set(run.waiting.map(({ day }) => day));
    for (const planned of todo) {
      if (!waiting.has(planned.day)) continue;
      await readOrRefetch(
        { ...planned, toLookUp: '*', record: run.known.days.get(planned.day) },
        run,
        attempts,
        false,
      );
    }
  }
}
