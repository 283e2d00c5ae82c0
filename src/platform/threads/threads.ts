/** Worker threads for jobs, started as they are needed. Jobs are answered in whatever order they are done. */
import { type ResourceLimits, Worker } from 'node:worker_threads';
import { reachCollector } from './collect.js';
import type { Answer, JobOf, JobTable, ResultOf } from './jobs.js';
import { type ErrorClasses, reviveError } from './thread-error.js';

export interface Threads<Table extends JobTable> {
  /** How many there are at most; more jobs wait. */
  readonly size: number;
  /** Starts threads, up to so many, while the first job is still on its way. */
  warm(most: number): void;
  /**
   * Rejects with what the handler threw, or with why the thread ended. `transfer`: buffers that are handed
   * over and gone for the caller.
   */
  run<Job extends JobOf<Table> & { readonly kind: string }>(
    job: Job,
    transfer?: readonly ArrayBuffer[],
  ): Promise<ResultOf<Table, Job>>;
  /** Ends the threads; jobs that are not done are rejected. */
  close(): Promise<void>;
}

export interface ThreadsOptions {
  readonly size: number;
  /** The path of the file that serves the table. */
  readonly entry: string;
  readonly workerData?: unknown;
  readonly resourceLimits?: ResourceLimits;
  /** What the handlers throw besides the system's errors. */
  readonly errors: ErrorClasses;
}

interface Waiting {
  readonly job: unknown;
  readonly transfer: readonly ArrayBuffer[];
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}

export function openThreads<Table extends JobTable>(options: ThreadsOptions): Threads<Table> {
  const { size, entry, errors, ...ofWorker } = options;
  const queue: Waiting[] = [];
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  const busy = new Map<Worker, Waiting>();

  const start = (): Worker => {
    reachCollector();
    const worker = new Worker(entry, ofWorker);
    all.add(worker);
    worker.on('message', (answer: Answer) => {
      const waiting = busy.get(worker);
      busy.delete(worker);
      idle.push(worker);
      if ('result' in answer) waiting?.resolve(answer.result as never);
      else waiting?.reject(reviveError(answer.error, errors));
      next();
    });
    // A thread that ends, busy or idle, takes no more jobs: one that was given to it would never be answered.
    const gone = (error: Error): void => {
      if (!all.delete(worker)) return;
      const waiting = busy.get(worker);
      busy.delete(worker);
      if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1);
      waiting?.reject(error);
      next();
    };
    worker.on('error', gone);
    worker.on('exit', (code) => gone(new Error(`a worker thread ended with ${code}`)));
    return worker;
  };
  const next = (): void => {
    while (queue.length > 0 && (idle.length > 0 || all.size < size)) {
      const waiting = queue.shift() as Waiting;
      const worker = idle.pop() ?? start();
      busy.set(worker, waiting);
      worker.postMessage(waiting.job, waiting.transfer);
    }
  };
  return {
    size,
    warm: (most) => {
      while (all.size < Math.min(size, most)) idle.push(start());
    },
    run: (job, transfer = []) =>
      new Promise((resolve, reject) => {
        queue.push({ job, transfer, resolve, reject });
        next();
      }),
    close: async () => {
      const running = [...all];
      all.clear();
      for (const { reject } of [...queue.splice(0), ...busy.values()])
        reject(new Error('the worker threads are closed'));
      busy.clear();
      await Promise.all(running.map((worker) => worker.terminate()));
    },
  };
}
