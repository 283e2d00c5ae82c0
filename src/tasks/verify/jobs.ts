/** What verify's threads do: a month of the archive, a slice of the market. */
import { THROWN } from '#ingest/threads/thrown.js';
import { datasetNamed } from '#market/datasets/named.js';
import { packageFile } from '#platform/package-file.js';
import { runInline } from '#platform/threads/inline.js';
import { openThreads, type Threads } from '#platform/threads/threads.js';
import { type ArchiveStore, openArchive } from '#store/archive/store.js';
import { checkMonth } from './month-work.js';
import { checkSlice, type SliceJob } from './slice-work.js';

export type VerifyJobs = ReturnType<typeof verifyJobs>;

/** For one dataset. The handlers throw ArchiveDamage, or the disk's error. */
export function verifyJobs() {
  // Kept from job to job: tables of contents that have to be made again are made once.
  let archive: ArchiveStore | undefined;
  return {
    month: { work: checkMonth },
    slice: {
      work: (job: SliceJob) => {
        const dataset = datasetNamed(job.dataset);
        if (dataset === undefined) throw new RangeError(`no dataset ${job.dataset}`);
        archive ??= openArchive(job.layout, dataset);
        return checkSlice(job, dataset, archive);
      },
    },
  };
}

/** `size` 0: no threads. */
export function openVerifyThreads(size: number): Threads<VerifyJobs> {
  if (size === 0) return runInline(verifyJobs());
  return openThreads<VerifyJobs>({
    size,
    entry: packageFile('#tasks/verify/worker.js'),
    // As in ingest/threads/pool.ts: what is large lies outside the heap.
    resourceLimits: { maxYoungGenerationSizeMb: 2 },
    errors: THROWN,
  });
}
