/** Worker threads for days and slices, started as they are needed. Jobs are answered in whatever order they are done. */
import { Worker } from 'node:worker_threads';
import { ArchiveDamage } from '../archive/bgzf.js';
import { SourceError } from '../source/errors.js';
import type { SliceJob, WovenSlice } from '../weave/slice-work.js';
import type { DayJob, DayResult } from './day-work.js';
import type { Wanted } from './wanted.js';
import type { DescribedError, WorkerAnswer } from './worker.js';

export interface Pool {
  /** Starts the threads, while the first job is still on its way. */
  warm(): void;
  /** The job's bytes are handed over and gone for the caller. Rejects with what `workDay` throws. */
  run(job: DayJob): Promise<DayResult>;
  /** Rejects with what `weaveSlice` throws. */
  weave(job: SliceJob): Promise<WovenSlice>;
  close(): Promise<void>;
}

interface Waiting {
  readonly job: DayJob | SliceJob;
  readonly resolve: (result: DayResult | WovenSlice) => void;
  readonly reject: (error: unknown) => void;
}

export function openPool(size: number, wanted: Wanted): Pool {
  const queue: Waiting[] = [];
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  const busy = new Map<Worker, Waiting>();

  const start = (): Worker => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: wanted,
      // Day text lives outside the heap; what is left is small and short-lived, and stays in the cache.
      resourceLimits: { maxYoungGenerationSizeMb: 2 },
    });
    all.add(worker);
    worker.on('message', (answer: WorkerAnswer) => {
      const waiting = busy.get(worker);
      busy.delete(worker);
      idle.push(worker);
      if ('result' in answer) waiting?.resolve(answer.result);
      else waiting?.reject(revived(answer.error));
      next();
    });
    worker.on('error', (error) => {
      busy.get(worker)?.reject(error);
      busy.delete(worker);
      all.delete(worker);
      next();
    });
    return worker;
  };
  const next = (): void => {
    while (queue.length > 0 && (idle.length > 0 || all.size < size)) {
      const waiting = queue.shift() as Waiting;
      const worker = idle.pop() ?? start();
      busy.set(worker, waiting);
      const { job } = waiting;
      worker.postMessage(job, 'bytes' in job ? [job.bytes.buffer] : []);
    }
  };
  const submit = <Result>(job: DayJob | SliceJob): Promise<Result> =>
    new Promise((resolve, reject) => {
      queue.push({ job, resolve: resolve as Waiting['resolve'], reject });
      next();
    });
  return {
    warm: () => {
      while (all.size < size) idle.push(start());
    },
    run: (job) => submit<DayResult>(job),
    weave: (job) => submit<WovenSlice>(job),
    close: async () => {
      for (const { reject } of queue.splice(0)) reject(new Error('the worker pool is closed'));
      await Promise.all([...all].map((worker) => worker.terminate()));
      all.clear();
    },
  };
}

function revived(described: DescribedError): Error {
  if (described.kind !== undefined) return new SourceError(described.kind, described.message);
  const { message, code, syscall, path, stack } = described;
  if (described.isArchiveDamage) return new ArchiveDamage(message);
  const error = new Error(message);
  return Object.assign(error, {
    ...(code === undefined ? {} : { code }),
    ...(syscall === undefined ? {} : { syscall }),
    ...(path === undefined ? {} : { path }),
    ...(stack === undefined ? {} : { stack }),
  });
}
