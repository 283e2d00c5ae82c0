/** The worker thread: takes jobs one at a time and answers each with a result or a described error. */
import { parentPort, workerData } from 'node:worker_threads';
import { ArchiveDamage } from '../archive/bgzf.js';
import { SourceError, type SourceErrorKind } from '../source/errors.js';
import type { Answer } from '../threads/threads.js';
import { type SliceJob, weaveSlice } from '../weave/slice-work.js';
import { type DayJob, workDay } from './day-work.js';
import { type Wanted, wantedBytes } from './wanted.js';

/** Errors lose their codes on the way between threads; these do not. */
export interface DescribedError {
  readonly kind: SourceErrorKind | undefined;
  readonly isArchiveDamage: boolean;
  readonly message: string;
  readonly code: string | undefined;
  readonly syscall: string | undefined;
  readonly path: string | undefined;
  readonly stack: string | undefined;
}

const wanted = wantedBytes(workerData as Wanted);

parentPort?.on('message', (job: DayJob | SliceJob) => {
  try {
    if ('slice' in job) {
      parentPort?.postMessage({ result: weaveSlice(job) } satisfies Answer<never>);
      return;
    }
    const result = workDay(job, wanted);
    const transfer = [result.taken.bytes.buffer, result.taken.ends.buffer];
    parentPort?.postMessage(
      { result } satisfies Answer<never>,
      transfer.filter((buffer) => buffer.byteLength > 0),
    );
  } catch (error) {
    parentPort?.postMessage({ error: described(error) } satisfies Answer<DescribedError>);
  }
});

function described(error: unknown): DescribedError {
  const { message, code, syscall, path, stack } = error as NodeJS.ErrnoException;
  return {
    kind: error instanceof SourceError ? error.kind : undefined,
    isArchiveDamage: error instanceof ArchiveDamage,
    message,
    code,
    syscall,
    path,
    stack,
  };
}
