/** Named queues of jobs on Redis or Valkey: put in, counted, looked at. What a job is, is the caller's. */
import type { Job, Queue } from 'bullmq';
import { connectQueue, type QueueTarget } from './engine.js';
import { queueConnectionError } from './judge-connection.js';

/** What keys in Redis begin with. */
export const KEY_PREFIX = 'barloom';

/** What goes wrong without being the job's fault is tried so often, with pauses from 1 s on, each twice the last. */
const ATTEMPTS = 12;
const FIRST_PAUSE_MS = 1_000;
/** Sent to the server at a time. */
const CHUNK = 500;

export interface NewJob {
  /** A job of an id that is there is not put in again. */
  readonly id: string;
  readonly data: unknown;
}

export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
  /** Tried, and waiting for the next try. */
  readonly delayed: number;
  /** Given up. */
  readonly dead: number;
}

export interface SeenJob {
  readonly id: string;
  /** Of an active one: when it was begun, ms since 1970; of a dead one: when it ended. */
  readonly at: number | undefined;
  /** Of an active one: by whom. */
  readonly by: string | undefined;
  /** Of a dead one. */
  readonly why: string | undefined;
}

export interface JobQueue {
  /** What is dead is put in anew. The number that was put in. */
  add(jobs: readonly NewJob[]): Promise<number>;
  counts(): Promise<QueueCounts>;
  /** Longest first. */
  active(most: number): Promise<readonly SeenJob[]>;
  dead(most: number): Promise<readonly SeenJob[]>;
  /** The number of dead jobs that wait again. */
  retryDead(): Promise<number>;
  /** Of the last so many minutes, the newest first: jobs that ended well. */
  donePerMinute(minutes: number): Promise<readonly number[]>;
  workers(): Promise<number>;
}

/** Runs `body` with a way to queues by name, and closes the connection. All of it throws QueueError. */
export async function withQueues<T>(
  target: QueueTarget,
  body: (queueOf: (name: string) => JobQueue) => Promise<T>,
): Promise<T> {
  const connection = await connectQueue(target);
  const opened: { close(): Promise<void> }[] = [];
  try {
    return await body((name) => {
      const queue = new connection.bullmq.Queue(name, {
        connection: connection.redis,
        prefix: KEY_PREFIX,
        defaultJobOptions: {
          attempts: ATTEMPTS,
          backoff: { type: 'exponential', delay: FIRST_PAUSE_MS },
          removeOnComplete: true,
        },
      });
      queue.on('error', () => undefined);
      opened.push(queue);
      return jobQueue(queue, target);
    });
  } finally {
    for (const queue of opened) await queue.close().catch(() => undefined);
    await connection.close();
  }
}

function jobQueue(queue: Queue, target: QueueTarget): JobQueue {
  const told = async <T>(asked: Promise<T>): Promise<T> => {
    try {
      return await asked;
    } catch (error) {
      throw queueConnectionError(error, target.shown);
    }
  };
  return {
    add: (jobs) => told(add(jobs, queue)),
    counts: async () => {
      const found = await told(queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed'));
      const of = (...names: readonly string[]): number =>
        names.reduce((sum, name) => sum + (found[name] ?? 0), 0);
      return {
        waiting: of('waiting', 'prioritized'),
        active: of('active'),
        delayed: of('delayed'),
        dead: of('failed'),
      };
    },
    active: async (most) =>
      (await told(queue.getActive(0, -1)))
        .filter((job) => job !== undefined)
        .sort((a, b) => (a.processedOn ?? 0) - (b.processedOn ?? 0))
        .slice(0, most)
        .map((job) => ({
          id: job.id ?? '',
          at: job.processedOn,
          by: (job as Job).processedBy,
          why: undefined,
        })),
    dead: async (most) =>
      (await told(queue.getFailed(0, most - 1)))
        .filter((job) => job !== undefined)
        .map((job) => ({ id: job.id ?? '', at: job.finishedOn, by: undefined, why: job.failedReason })),
    retryDead: async () => {
      const { failed = 0 } = await told(queue.getJobCounts('failed'));
      if (failed > 0) await told(queue.retryJobs({ state: 'failed' }));
      return failed;
    },
    donePerMinute: async (minutes) => {
      const { data } = await told(queue.getMetrics('completed', 0, minutes - 1));
      return data.map(Number);
    },
    workers: () => told(queue.getWorkersCount()),
  };
}

async function add(jobs: readonly NewJob[], queue: Queue): Promise<number> {
  const wanted = new Set(jobs.map(({ id }) => id));
  for (const job of await queue.getFailed(0, -1))
    if (job?.id !== undefined && wanted.has(job.id)) await queue.remove(job.id);
  const held = await total(queue);
  for (let at = 0; at < jobs.length; at += CHUNK)
    await queue.addBulk(
      jobs
        .slice(at, at + CHUNK)
        .map(({ id, data }) => ({ name: 'task', data: data as object, opts: { jobId: id } })),
    );
  // Somebody may be at work meanwhile: what is told is then only about right.
  return Math.max(0, Math.min(jobs.length, (await total(queue)) - held));
}

async function total(queue: Queue): Promise<number> {
  return queue.getJobCountByTypes('waiting', 'prioritized', 'active', 'delayed', 'failed');
}
