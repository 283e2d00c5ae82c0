/** Worker threads for days and slices. */
import { Worker } from 'node:worker_threads';
import type { DayThreads } from '#ingest/day/day-threads.js';
import type { DayResult } from '#ingest/day/day-work.js';
import type { WorkedPiece } from '#ingest/pieces/piece-work.js';
import type { SortedRuns } from '#ingest/pieces/sort-runs.js';
import type { Wanted } from '#ingest/plan/wanted.js';
import type { RebuiltSlice, SliceJob } from '#ingest/series/rebuild-slice.js';
import type { TakenLines } from '#ingest/series/taken-lines.js';
import { SourceError } from '#platform/http/source-error.js';
import { packageFile } from '#platform/package-file.js';
import { openThreads } from '#platform/threads/threads.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import type { DescribedError, Job } from './worker.js';

export interface Pool extends DayThreads {
  /** Starts threads, up to so many, while the first job is still on its way. */
  warm(most: number): void;
  /** Rejects with what `rebuildSlice` throws. */
  slice(job: SliceJob): Promise<RebuiltSlice>;
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
    take: (job) => threads.run<TakenLines>(job),
    slice: (job) => threads.run<RebuiltSlice>(job),
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
