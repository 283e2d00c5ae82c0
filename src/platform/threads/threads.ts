/** Worker threads for jobs, started as they are needed. Jobs are answered in whatever order they are done. */
import type { Worker } from 'node:worker_threads';
import { reachCollector } from './collect.js';

/** What a thread posts for each job. Errors lose their codes on the way between threads; `error` describes them. */
export type Answer<Described> = { readonly result: unknown } | { readonly error: Described };

export interface Threads<Job> {
  /** Starts threads, up to so many, while the first job is still on its way. */
  warm(most: number): void;
  /** Rejects with what the thread threw, or with why it ended. `transfer`: buffers that are handed over and gone for the caller. */
  run<Result>(job: Job, transfer?: readonly ArrayBuffer[]): Promise<Result>;
  /** Ends the threads; jobs that are not done are rejected. */
  close(): Promise<void>;
}

interface Waiting<Job> {
  readonly job: Job;
  readonly transfer: readonly ArrayBuffer[];
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}

export function openThreads<Job, Described>(options: {
  readonly size: number;
  readonly start: () => Worker;
  readonly revive: (described: Described) => Error;
}): Threads<Job> {
  const { size } = options;
  const queue: Waiting<Job>[] = [];
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  const busy = new Map<Worker, Waiting<Job>>();

  const start = (): Worker => {
    reachCollector();
    const worker = options.start();
    all.add(worker);
    worker.on('message', (answer: Answer<Described>) => {
      const waiting = busy.get(worker);
      busy.delete(worker);
      idle.push(worker);
      if ('result' in answer) waiting?.resolve(answer.result as never);
      else waiting?.reject(options.revive(answer.error));
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
      const waiting = queue.shift() as Waiting<Job>;
      const worker = idle.pop() ?? start();
      busy.set(worker, waiting);
      worker.postMessage(waiting.job, waiting.transfer);
    }
  };
  return {
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
