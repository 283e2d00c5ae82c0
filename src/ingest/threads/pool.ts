/** Worker threads for days and slices. */
import { Worker } from 'node:worker_threads';
import type { DayJob, DayResult } from '#ingest/day/day-work.js';
import type { TakeJob } from '#ingest/day/take-work.js';
import type { Wanted } from '#ingest/day/wanted.js';
import type { PieceJob, WorkedPiece } from '#ingest/pieces/piece-work.js';
import type { SortedRuns, SortJob } from '#ingest/pieces/sort-runs.js';
import type { SliceJob, WovenSlice } from '#ingest/series/rebuild-slice.js';
import type { SpooledRows } from '#ingest/series/taken-lines.js';
import { SourceError } from '#platform/http/source-error.js';
import { packageFile } from '#platform/package-file.js';
import { openThreads } from '#platform/threads/threads.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import type { DescribedError, Job } from './worker.js';

export interface Pool {
  /** Starts threads, up to so many, while the first job is still on its way. */
  warm(most: number): void;
  /** The job's bytes are handed over and gone for the caller. Rejects with what `workDay` throws. */
  run(job: DayJob): Promise<DayResult>;
  /** Rejects with what `workPiece` throws. The piece's text is handed over and gone for the caller. */
  piece(job: PieceJob): Promise<WorkedPiece>;
  /** Rejects with what `sortRuns` throws. */
  sort(job: SortJob): Promise<SortedRuns>;
  /** Rejects with ArchiveDamage or the disk's error. */
  take(job: TakeJob): Promise<SpooledRows>;
  readonly size: number;
  /** Rejects with what `weaveSlice` throws. */
  weave(job: SliceJob): Promise<WovenSlice>;
  close(): Promise<void>;
}

export function openPool(size: number, wanted: Wanted): Pool {
  const threads = openThreads<Job, DescribedError>({
    size,
    start: () =>
      new Worker(packageFile('#ingest/threads/worker.js'), {
        workerData: wanted,
        // Day text lives outside the heap; what is left is small and short-lived, and stays in the cache.
        resourceLimits: { maxYoungGenerationSizeMb: 2 },
      }),
    revive: revived,
  });
  return {
    warm: threads.warm,
    size,
    run: (job) => threads.run<DayResult>(job, [job.bytes.buffer]),
    piece: (job) => threads.run<WorkedPiece>(job, [job.text.buffer]),
    sort: (job) => threads.run<SortedRuns>(job),
    take: (job) => threads.run<SpooledRows>(job),
    weave: (job) => threads.run<WovenSlice>(job),
    close: threads.close,
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
