/** What matching's threads do. */
import { packageFile } from '#platform/package-file.js';
import { runInline } from '#platform/threads/inline.js';
import { openThreads, type Threads } from '#platform/threads/threads.js';
import { workPrices } from './price-work.js';

export type MatchJobs = ReturnType<typeof matchJobs>;

export function matchJobs() {
  return { prices: { work: workPrices } };
}

/** `size` 0: no threads. */
export function openMatchThreads(size: number): Threads<MatchJobs> {
  if (size === 0) return runInline(matchJobs());
  return openThreads<MatchJobs>({ size, entry: packageFile('#tasks/match/worker.js'), errors: {} });
}
