/**
 * Attempts at days: each is fetched and finished, or given up with its state and reason. What must end the
 * whole run does so.
 */
import pLimit from 'p-limit';
import { wayOf } from '#ingest/day/day-way.js';
import { runDayTask } from '#ingest/day/run-day-task.js';
import type { Tried } from '#ingest/plan/fetch-order.js';
import type { PlannedDay } from '#ingest/plan/plan.js';
import { monthOf } from '#market/calendar/iso-day.js';
import { finishDay } from './finish-day.js';
import { listMonth } from './list-months.js';
import { recordProblem } from './problem.js';
import type { Run } from './run.js';
import { taskContext, taskOf } from './task-of.js';
import { verdictOn } from './verdict.js';

/** So many days in a row out of reach end the run. */
const NETWORK_FAILURES = 3;

export interface Attempts {
  tryDay(planned: PlannedDay): Promise<Tried>;
  /** Our copy of the day is of no use (`why`): the vendor's is fetched instead. */
  refetch(planned: PlannedDay, why: string): Promise<void>;
  /**
   * Records days that the keys may not read without asking for each. `edge`: what is known of where they may.
   */
  deny(days: readonly PlannedDay[], edge: string | undefined): Promise<void>;
}

export function newAttempts(run: Run): Attempts {
  const { request, context, vendor, signal, fail } = run;
  const { dataset, concurrency } = request;
  // A day leaves its slot when it is worked through; that it waits for the disk then holds up no download.
  const slots = pLimit(wayOf(dataset).daysAtOnce(concurrency));
  let unreachable = 0;

  const tryDay = async (planned: PlannedDay): Promise<Tried> => {
    const { object } = planned;
    if (object === undefined || signal.aborted) return 'failed';
    try {
      const fetched = await slots(async () => {
        signal.throwIfAborted();
        const task = taskOf(planned, object, run);
        return { planned, task, fetched: await runDayTask(task, await taskContext(task, run)) };
      });
      run.noteWorked();
      await finishDay(fetched, run);
      unreachable = 0;
      return 'done';
    } catch (error) {
      return signal.aborted ? 'failed' : giveUp(error, planned);
    }
  };

  const giveUp = async (error: unknown, planned: PlannedDay): Promise<Tried> => {
    const verdict = verdictOn(error);
    const ends = (): void => fail(error, `fetching ${planned.day}`);
    if (verdict === 'end') {
      ends();
      return 'failed';
    }
    run.noteWorked();
    if (verdict === 'denied') {
      await recordProblem([planned], 'denied', refusal, run);
      return 'denied';
    }
    await recordProblem([planned], 'failed', () => (error as Error).message, run);
    unreachable = verdict === 'unreachable' ? unreachable + 1 : 0;
    if (unreachable >= NETWORK_FAILURES) ends();
    return 'failed';
  };

  return {
    tryDay,
    refetch: async (planned, why) => {
      context.emit({
        type: 'note',
        level: 'warning',
        message: `${planned.day}: ${why}; it is fetched again`,
      });
      const month = monthOf(planned.day);
      const listing = run.listings.get(month) ?? (await listMonth(month, dataset, vendor, signal));
      const object = listing.get(planned.day);
      if (object !== undefined) await tryDay({ ...planned, action: 'fetch', object });
      else
        await recordProblem([planned], 'failed', () => `${why}, and the vendor does not list the day`, run);
    },
    deny: (days, edge) => recordProblem(days, 'denied', (planned) => edge ?? refusal(planned), run),
  };
}

/** What an earlier run found of the edge still stands; one that only probes learns nothing new of it. */
function refusal({ record }: PlannedDay): string {
  const before = record?.problem;
  return before?.state === 'denied'
    ? before.reason
    : 'the keys may not read it (403 for it or the days around it)';
}
