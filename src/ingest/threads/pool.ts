/** Worker threads for days and slices. */
import type { DayThreads } from '#ingest/day/day-threads.js';
import type { Wanted } from '#ingest/plan/wanted.js';
import type { RebuiltSlice, SliceJob } from '#ingest/series/rebuild-slice.js';
import { packageFile } from '#platform/package-file.js';
import { openThreads } from '#platform/threads/threads.js';
import type { IngestJobs } from './jobs.js';
import { THROWN } from './thrown.js';

export interface Pool extends DayThreads {
  /** Starts threads, up to so many, while the first job is still on its way. */
  warm(most: number): void;
  /** Rejects with what `rebuildSlice` throws. */
  slice(job: SliceJob): Promise<RebuiltSlice>;
  close(): Promise<void>;
}

export function openPool(size: number, wanted: Wanted): Pool {
  const { run, ...threads } = openThreads<IngestJobs>({
    size,
    entry: packageFile('#ingest/threads/worker.js'),
    workerData: wanted,
    // Day text lives outside the heap; what is left is small and short-lived, and stays in the cache.
    resourceLimits: { maxYoungGenerationSizeMb: 2 },
    errors: THROWN,
  });
  return {
    ...threads,
    run: (job) => run(job, [job.bytes.buffer]),
    piece: (job) => run(job, [job.text.buffer]),
    sort: (job) => run(job),
    take: (job) => run(job),
    slice: (job) => run(job),
  };
}
