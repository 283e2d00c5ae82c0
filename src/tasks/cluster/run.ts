/** Runs tasks, with threads and a scratch folder for them: what a worker and an element of an array job do. */
import { randomBytes } from 'node:crypto';
import { runClusterTask, type TaskTools } from '#ingest/cluster/run-task.js';
import type { ClusterTask, DayOutcome } from '#ingest/cluster/task.js';
import { openPool } from '#ingest/threads/pool.js';
import { sameSource } from '#market/datasets/same-source.js';
import type { Source } from '#platform/s3/port.js';
import { filledFromAnother } from '#store/archive/source-marker.js';
import { readCluster } from '#store/bucket/cluster-file.js';
import type { OpenBucket } from '#store/bucket/open-bucket.js';
import { placeText } from '#store/bucket/place.js';
import { dropScratch, makeScratch } from './scratch.js';

export interface RunRequest {
  readonly workers: number;
  /** Where scratch folders go. */
  readonly scratch: string;
  readonly pid: number;
}

export type RunTools = Omit<TaskTools, 'threads' | 'scratch' | 'concurrency' | 'newAttempt' | 'onDay'>;

export type RunTask = (
  task: ClusterTask,
  limits: { readonly concurrency: number; readonly onDay: TaskTools['onDay'] },
) => Promise<readonly DayOutcome[]>;

/**
 * Hands `body` what runs a task, which throws as `runClusterTask`. Throws OtherSourceError where the bucket is
 * filled from another source, and what `body` throws.
 */
export async function withTaskRunner<T>(
  request: RunRequest,
  tools: RunTools,
  body: (run: RunTask) => Promise<T>,
): Promise<T> {
  await checkSource(tools.source, tools.bucket);
  const scratch = await makeScratch(request.scratch, request.pid);
  const threads = openPool(request.workers, []);
  try {
    const given = { ...tools, threads, scratch, newAttempt: () => newAttempt(tools.now()) };
    return await body((task, limits) => runClusterTask(task, { ...given, ...limits }));
  } finally {
    await threads.close();
    await dropScratch(scratch);
  }
}

/** Throws OtherSourceError, or BucketError where the bucket was not made ready. */
export async function checkSource({ identity }: Source, bucket: OpenBucket): Promise<void> {
  const { source } = await readCluster(bucket);
  if (!sameSource(source, identity)) throw filledFromAnother(placeText(bucket.place), source, identity);
}

/** `20261201T124501Z-5f3a9c21d0e4`. */
export function newAttempt(now: Date): string {
  return `${now.toISOString().replaceAll(/[-:]|\.\d+/g, '')}-${randomBytes(6).toString('hex')}`;
}
