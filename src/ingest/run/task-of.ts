/** From a planned day to its task, and what it is run with. */
import { dayObject } from '#ingest/day/day-object.js';
import type { DayTask, DayTaskContext } from '#ingest/day/day-task.js';
import { wayOf } from '#ingest/day/day-way.js';
import type { PlannedDay } from '#ingest/plan/plan.js';
import type { ListedObject } from '#platform/s3/port.js';
import type { Run } from './run.js';
import { makeUnkeptFolder, unkeptLayout } from './unkept-day.js';

export function taskOf(planned: PlannedDay, object: ListedObject, run: Run): DayTask {
  const { request, wanted, archive, market } = run;
  const { dataset, wishes } = request;
  const { day, copy } = planned;
  return {
    dataset: dataset.name,
    day,
    object: dayObject(object),
    // A copy that is there is kept up to date also when no new ones are wanted.
    prepares: wayOf(dataset).prepares(wishes.archive || copy !== undefined),
    replaces: archive.isThere(day),
    series: wishes.series && !waitsForRebuild(planned, run),
    market: market.tickers === undefined && wanted !== '*' && wanted.length > 0,
  };
}

/**
 * Whether a day's bars go to every ticker together with those of other days, and nothing of an earlier file
 * of that day has to be considered.
 */
function waitsForRebuild({ day }: PlannedDay, { request, wanted, archive, known }: Run): boolean {
  const { wishes } = request;
  const record = known.days.get(day);
  return (
    wanted === '*' &&
    wishes.series &&
    wishes.archive &&
    record?.size === undefined &&
    record?.correct === undefined &&
    !archive.isThere(day)
  );
}

export async function taskContext(
  { day, prepares }: DayTask,
  { request, context, vendor, pool, signal }: Run,
): Promise<DayTaskContext> {
  const { clock, retry, emit } = context;
  const source = await vendor.source();
  if (prepares === 'aside') await makeUnkeptFolder(request);
  return {
    source,
    layout: prepares === 'aside' ? unkeptLayout(request) : request.layout,
    threads: pool,
    signal,
    clock,
    onResume: (from, reason) => {
      emit({ type: 'note', level: 'info', message: `${day}: goes on from byte ${from} (${reason})` });
    },
    retry: {
      ...retry,
      signal,
      onRetry: (error, attempt, waitMs) => {
        retry.onRetry?.(error, attempt, waitMs);
        emit({ type: 'retry', what: day, attempt, waitMs, reason: error.message });
      },
    },
  };
}
