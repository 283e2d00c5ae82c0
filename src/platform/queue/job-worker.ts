/**
 * Takes jobs out of a queue, one after another or several at once, until it is told to stop, or nothing is left. A
 * job is its worker's while a lock is renewed; that of a worker that is gone, or frozen, goes to another. So a job
 * may be run twice, and by two at once: what it does must bear that.
 */
import { connectQueue, type QueueTarget } from './engine.js';
import { KEY_PREFIX } from './job-queue.js';
import { queueConnectionError } from './judge-connection.js';

/** How often a job may lose its worker before it is given up: machines that come and go are no fault of its. */
const MOST_STALLED = 20;
const IDLE_LOOK_MS = 500;
/** Far more than is ever done in it: the limit is there for `limited`, which makes the whole queue wait. */
const NO_LIMIT = { max: 1_000_000, duration: 1_000 };
/** Two weeks, for the rate. */
const METRIC_MINUTES = 20_160;

export type Verdict =
  | { readonly kind: 'done' }
  /** Tried again after a pause, some times. */
  | { readonly kind: 'again'; readonly why: string }
  | { readonly kind: 'dead'; readonly why: string }
  /** All queues that are named wait so long; the job then waits with them. */
  | { readonly kind: 'limited'; readonly waitMs: number }
  /** Not the job's fault, and it waits for another worker at once. */
  | { readonly kind: 'back' };

export interface WorkerRequest {
  readonly target: QueueTarget;
  readonly queue: string;
  /** That slow down together with it, itself not included. */
  readonly besides: readonly string[];
  readonly atOnce: number;
  /** Who this is, for people. */
  readonly name: string;
  readonly lockMs: number;
  /** Ends once nothing waits, is under way, or is to be tried again. */
  readonly untilEmpty: boolean;
  /** No other job is begun; those under way are waited for. */
  readonly drain: AbortSignal;
  readonly run: (data: unknown) => Promise<Verdict>;
  readonly onAway: (isAway: boolean) => void;
}

/** Resolves once all jobs that it began have ended. Throws QueueError, or what `run` throws. */
export async function workQueue(request: WorkerRequest): Promise<void> {
  const { target, drain, queue } = request;
  const connection = await connectQueue(target, request.onAway);
  const { Worker, Queue, UnrecoverableError, WaitingError } = connection.bullmq;
  const common = { connection: connection.redis, prefix: KEY_PREFIX };
  const queues = [queue, ...request.besides].map((name) => new Queue(name, common));
  const [own] = queues;
  let end = (_error?: unknown): void => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    end = (error) => (error === undefined ? resolve() : reject(error));
  });
  const worker = new Worker(
    queue,
    async (job, token) => {
      const verdict = await request.run(job.data).catch((error: unknown) => {
        end(error);
        return { kind: 'back' } as const;
      });
      switch (verdict.kind) {
        case 'done':
          return null;
        case 'again':
          throw new Error(verdict.why);
        case 'dead':
          throw new UnrecoverableError(verdict.why);
        case 'limited':
          for (const one of queues) await one.rateLimit(verdict.waitMs);
          throw Worker.RateLimitError();
        case 'back':
          await job.moveToWait(token);
          throw new WaitingError();
      }
    },
    {
      ...common,
      name: request.name,
      concurrency: request.atOnce,
      lockDuration: request.lockMs,
      stalledInterval: request.lockMs,
      maxStalledCount: MOST_STALLED,
      limiter: NO_LIMIT,
      metrics: { maxDataPoints: METRIC_MINUTES },
      drainDelay: 1,
    },
  );
  // Each is told elsewhere: a connection by its own events, a lost lock by the bucket that knows what is done.
  for (const one of queues) one.on('error', () => undefined);
  worker.on('error', () => undefined);
  connection.redis.on('end', () => end(queueConnectionError(undefined, target.shown)));
  const stop = (): void => end();
  drain.addEventListener('abort', stop, { once: true });
  const look = setInterval(() => {
    if (!request.untilEmpty || own === undefined) return;
    own.getJobCountByTypes('waiting', 'prioritized', 'active', 'delayed').then(
      (left) => {
        if (left === 0) end();
      },
      () => undefined,
    );
  }, IDLE_LOOK_MS);
  try {
    if (drain.aborted) end();
    await ended;
  } finally {
    clearInterval(look);
    drain.removeEventListener('abort', stop);
    await worker.close(connection.redis.status === 'end').catch(() => undefined);
    for (const one of queues) await one.close().catch(() => undefined);
    await connection.close();
  }
}
