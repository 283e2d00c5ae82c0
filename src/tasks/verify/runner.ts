/** Carries out verify's jobs: in worker threads where there is much to do, and here where a thread's start would cost more than the job. */
import { Worker } from 'node:worker_threads';
import { datasets } from '#market/datasets/all.js';
import { packageFile } from '#platform/package-file.js';
import { openThreads } from '#platform/threads/threads.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import { type ArchiveStore, openArchive } from '#store/archive/store.js';
import { type CheckedDay, checkMonth, type MonthJob } from './month-work.js';
import { checkSlice, type SliceAnswer, type SliceJob } from './slice-work.js';

export interface Runner {
  /** How many jobs are carried out at once; more of them wait. */
  readonly width: number;
  month(job: MonthJob): Promise<readonly CheckedDay[]>;
  slice(job: SliceJob): Promise<SliceAnswer>;
  close(): Promise<void>;
}

export type Job = MonthJob | SliceJob;
/** Errors lose their classes and codes on the way between threads; these fields do not. */
export type DescribedError = Pick<
  NodeJS.ErrnoException,
  'name' | 'message' | 'code' | 'syscall' | 'path' | 'stack'
>;

function revived({ name, message, ...rest }: DescribedError): Error {
  return name === 'ArchiveDamage' ? new ArchiveDamage(message) : Object.assign(new Error(message), rest);
}

/** What carries jobs out, one at a time; each throws ArchiveDamage, or the disk's error. */
export function newCarrier() {
  // Kept from job to job: tables of contents that have to be made again are made once.
  let archive: ArchiveStore | undefined;
  return {
    month: checkMonth,
    slice: (job: SliceJob): SliceAnswer => {
      const dataset = datasets.get(job.dataset);
      if (dataset === undefined) throw new RangeError(`no dataset ${job.dataset}`);
      archive ??= openArchive(job.layout, dataset);
      return checkSlice(job, dataset, archive);
    },
  };
}

/** For one dataset. `workers` 0: no threads. */
export function openRunner(workers: number): Runner {
  return workers === 0 ? inlineRunner() : threadedRunner(workers);
}

function inlineRunner(): Runner {
  const carrier = newCarrier();
  // Signals get their turn in between.
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    width: 1,
    month: async (job) => {
      await turn();
      return carrier.month(job);
    },
    slice: async (job) => {
      await turn();
      return carrier.slice(job);
    },
    close: async () => undefined,
  };
}

function threadedRunner(size: number): Runner {
  const { run, close } = openThreads<Job, DescribedError>({
    size,
    start: () => new Worker(packageFile('#tasks/verify/worker.js')),
    revive: revived,
  });
  return { width: size, month: (job) => run(job), slice: (job) => run(job), close };
}
