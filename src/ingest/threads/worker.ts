/** The worker thread: takes jobs one at a time and answers each with a result or a described error. */
import { parentPort, workerData } from 'node:worker_threads';
import { type DayJob, workDay } from '#ingest/day/day-work.js';
import { type TakeJob, takeDay } from '#ingest/day/take-work.js';
import { type PieceJob, workPiece } from '#ingest/pieces/piece-work.js';
import { type SortJob, sortRuns } from '#ingest/pieces/sort-runs.js';
import { type Wanted, wantedBytes } from '#ingest/plan/wanted.js';
import { rebuildSlice, type SliceJob } from '#ingest/series/rebuild-slice.js';
import { SourceError, type SourceErrorKind } from '#platform/http/source-error.js';
import type { Answer } from '#platform/threads/threads.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';

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

export type Job = DayJob | SliceJob | PieceJob | SortJob | TakeJob;

const wanted = wantedBytes(workerData as Wanted);

parentPort?.on('message', (job: Job) => {
  try {
    const { result, transfer } = work(job);
    parentPort?.postMessage(
      { result } satisfies Answer<never>,
      transfer.filter((buffer) => buffer.byteLength > 0),
    );
  } catch (error) {
    parentPort?.postMessage({ error: described(error) } satisfies Answer<DescribedError>);
  }
});

/** `transfer`: buffers of the result that are handed over. */
function work(job: Job): { readonly result: unknown; readonly transfer: readonly ArrayBuffer[] } {
  if ('slice' in job) return { result: rebuildSlice(job), transfer: [] };
  switch (job.kind) {
    case 'piece': {
      const result = workPiece(job);
      return { result, transfer: [result.members.buffer, result.text.buffer] };
    }
    case 'sort':
      return { result: sortRuns(job), transfer: [] };
    case 'take': {
      const result = takeDay(job);
      return { result, transfer: [result.bytes.buffer, result.ends.buffer] };
    }
    default: {
      const result = workDay(job, wanted);
      return { result, transfer: [result.taken.bytes.buffer, result.taken.ends.buffer] };
    }
  }
}

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
