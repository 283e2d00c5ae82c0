/** A cluster's two queues: tasks of usual size, and huge ones that want a machine each. */
import type { ClusterTask } from '#ingest/cluster/task.js';
import type { QueueTarget } from '#platform/queue/engine.js';
import { type JobQueue, type QueueCounts, type SeenJob, withQueues } from '#platform/queue/job-queue.js';
import type { BucketPlace } from '#store/bucket/place.js';

export interface QueueNames {
  readonly usual: string;
  readonly huge: string;
}

/** By bucket and prefix, so that several clusters may share a Redis. A colon parts keys there. */
export function queueNames({ store, prefix }: Pick<BucketPlace, 'store' | 'prefix'>): QueueNames {
  const name = [store.bucket, ...prefix.split('/').filter((part) => part !== '')]
    .map(encodeURIComponent)
    .join('.');
  return { usual: `${name}.tasks`, huge: `${name}.huge` };
}

/** The number of tasks that were not there already. Throws QueueError. */
export function enqueue(
  tasks: readonly ClusterTask[],
  names: QueueNames,
  target: QueueTarget,
): Promise<number> {
  return withQueues(target, async (queueOf) => {
    const put = (huge: boolean): Promise<number> =>
      queueOf(huge ? names.huge : names.usual).add(
        tasks.filter((task) => task.huge === huge).map((task) => ({ id: task.id, data: task })),
      );
    return (await put(false)) + (await put(true));
  });
}

/** The number of dead tasks that wait again. Throws QueueError. */
export function retryDeadTasks(names: QueueNames, target: QueueTarget): Promise<number> {
  return withQueues(target, async (queueOf) => {
    let found = 0;
    for (const name of [names.usual, names.huge]) found += await queueOf(name).retryDead();
    return found;
  });
}

export interface QueueStatus {
  readonly kind: 'usual' | 'huge';
  readonly counts: QueueCounts;
  readonly workers: number;
  /** Tasks a minute, over the last ten; undefined where none ended. */
  readonly perMinute: number | undefined;
  /** Those that have been under way the longest. */
  readonly active: readonly SeenJob[];
  readonly dead: readonly SeenJob[];
}

const RATE_MINUTES = 10;
const SHOWN = 10;

/** Throws QueueError. */
export function queueStatus(names: QueueNames, target: QueueTarget): Promise<readonly QueueStatus[]> {
  return withQueues(target, async (queueOf) => [
    await statusOf('usual', queueOf(names.usual)),
    await statusOf('huge', queueOf(names.huge)),
  ]);
}

async function statusOf(kind: QueueStatus['kind'], queue: JobQueue): Promise<QueueStatus> {
  const [counts, workers, minutes, active, dead] = await Promise.all([
    queue.counts(),
    queue.workers(),
    queue.donePerMinute(RATE_MINUTES),
    queue.active(SHOWN),
    queue.dead(SHOWN),
  ]);
  const done = minutes.reduce((sum, n) => sum + n, 0);
  return { kind, counts, workers, active, dead, perMinute: done === 0 ? undefined : done / minutes.length };
}
