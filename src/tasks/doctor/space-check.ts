/**
 * Whether what the range asks for fits the disk, and how long it would take, judged by the day that was
 * fetched.
 */

import type { Wanted } from '#ingest/plan/wanted.js';
import { freeBytes } from '#platform/disk/space.js';
import { openArchive } from '#store/archive/store.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { spaceNeeded } from '#tasks/space-needed.js';
import { amount, megabytes } from './amounts.js';
import type { DatasetDiagnosis, DatasetRequest } from './dataset-checks.js';
import type { Finding } from './finding.js';

export interface SpaceRequest {
  readonly layout: FolderLayout;
  readonly wanted: Wanted;
  /** Whether the market is kept in the archive. */
  readonly archive: boolean;
  /** Days in flight at once, and worker threads. */
  readonly concurrency: number;
  readonly workers: number;
}

/** What the range lacks here, of the days that may be read. */
export function toFetch(
  { dataset, range }: DatasetRequest,
  { sample, first_allowed_day: from = range.start }: Pick<DatasetDiagnosis, 'sample' | 'first_allowed_day'>,
  request: SpaceRequest,
): NonNullable<DatasetDiagnosis['to_fetch']> {
  const here = new Set(openArchive(request.layout, dataset).days());
  const days = dataset.calendar
    .sessions(range.start, range.end)
    .filter((day) => day >= from && !here.has(day));
  const object = sample === undefined ? undefined : { size: sample.bytes };
  const bytes = spaceNeeded(
    days.map(() => ({ action: 'fetch', object })),
    { dataset, wishes: { archive: request.archive, series: true, force: false } },
    request.wanted,
  );
  if (sample === undefined) return { days: days.length, bytes };
  const { download_seconds, work_seconds } = sample;
  const aDay = Math.max(download_seconds / request.concurrency, work_seconds / request.workers);
  return { days: days.length, bytes, seconds: Math.ceil(aDay * days.length) };
}

/** Throws the disk's error. */
export async function checkSpace(
  all: readonly NonNullable<DatasetDiagnosis['to_fetch']>[],
  { layout }: SpaceRequest,
): Promise<Finding> {
  const sum = (of: (one: (typeof all)[number]) => number): number =>
    all.reduce((total, one) => total + of(one), 0);
  const needed = sum(({ bytes }) => bytes);
  const free = await freeBytes(layout.archiveDir);
  const seconds = sum((one) => one.seconds ?? 0);
  const time = seconds === 0 ? '' : `, in at most about ${timeText(seconds)}`;
  const days = sum((one) => one.days);
  const plan =
    days === 0
      ? 'nothing to fetch'
      : `${amount(days, 'day')} to fetch: about ${megabytes(needed, Math.ceil)}${time}`;
  if (free === undefined)
    return { state: 'ok', message: `${plan}; the system does not say how much is free` };
  const message = `${plan}; ${megabytes(free, Math.floor)} are free in ${layout.archiveDir}`;
  if (free >= needed) return { state: 'ok', message };
  return {
    state: 'failure',
    message,
    advice:
      'Free some space, ask for fewer days (--months), or put the archive on another drive (--archive-dir).',
    outcome: { disk: true },
  };
}

function timeText(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
