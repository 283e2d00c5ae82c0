/**
 * What worker threads can do, as a table of kinds of jobs to handlers. A wing that has work for threads has
 * one table, and an entry file that serves it.
 */
import { parentPort } from 'node:worker_threads';
import { type DescribedError, describeError } from './thread-error.js';

export type JobTable = Readonly<Record<string, JobHandler>>;

export interface JobHandler {
  /** Gets jobs of its kind: plain data with the kind's name in `kind`. */
  readonly work: (job: never) => unknown;
  /** Buffers of the result that are handed over instead of copied. */
  readonly transfer?: (result: never) => readonly ArrayBuffer[];
}

export type JobOf<Table> = Table[keyof Table] extends infer Handler
  ? Handler extends { readonly work: (job: infer Job) => unknown }
    ? Job
    : never
  : never;

export type ResultOf<Table, Job> = Job extends { readonly kind: infer Kind extends keyof Table }
  ? Table[Kind] extends { readonly work: (job: never) => infer Result }
    ? Result
    : never
  : never;

/** What a thread posts for each job. */
export type Answer = { readonly result: unknown } | { readonly error: DescribedError };

/** In a worker's entry file: takes jobs one at a time, and answers each with its result or the error. */
export function serveJobs(table: JobTable): void {
  parentPort?.on('message', (job: { readonly kind: string }) => {
    try {
      const { work, transfer } = handlerOf(table, job.kind);
      const result = work(job as never);
      const buffers = transfer?.(result as never) ?? [];
      parentPort?.postMessage(
        { result } satisfies Answer,
        buffers.filter(({ byteLength }) => byteLength > 0),
      );
    } catch (error) {
      parentPort?.postMessage({ error: describeError(error) } satisfies Answer);
    }
  });
}

/** Throws RangeError where the table has no such kind. */
export function handlerOf(table: JobTable, kind: string): JobHandler {
  const handler = Object.hasOwn(table, kind) ? table[kind] : undefined;
  if (handler === undefined) throw new RangeError(`no thread has a job ${kind}`);
  return handler;
}
