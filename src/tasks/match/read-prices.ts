/** Reads the planned price files in threads, some at a time, and says how far it is. */
import { statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder, temporaryName } from '#platform/disk/durable.js';
import { sizeIn } from '#platform/disk/file-identity.js';
import { openMatchThreads } from './jobs.js';
import type { PlannedSource } from './plan-sources.js';
import type { PriceResult, PriceTask } from './price-work.js';
import type { MatchRequest } from './request.js';

/** A thread's start costs as much as reading a hundred files. */
const ALONE = 100;
const BATCH = 8;

/** By ticker. What was written lies under temporary names, and does not where this throws. */
export async function readPrices(
  planned: readonly PlannedSource[],
  request: MatchRequest,
): Promise<ReadonlyMap<string, PriceResult>> {
  const work = planned.filter(
    (one): one is PlannedSource & { readonly task: PriceTask } => one.task !== undefined,
  );
  const results = new Map<string, PriceResult>();
  if (work.length === 0) return results;
  for (const folder of new Set(work.map(({ task }) => path.dirname(task.file)))) await makeFolder(folder);
  const threads = openMatchThreads(work.length <= ALONE ? 0 : request.workers);
  const all = sizes(work);
  let done = 0;
  try {
    const batches = batchesOf(work);
    const runs = Array.from({ length: threads.size * 2 }, async () => {
      for (let batch = batches.pop(); batch !== undefined; batch = batches.pop()) {
        request.signal.throwIfAborted();
        const job = { kind: 'prices' as const, root: request.places.stooqDir, ...formOf(request) };
        for (const result of await threads.run({ ...job, tasks: batch.map(({ task }) => task) }))
          results.set(result.ticker, result);
        done += sizes(batch);
        request.onEvent({ type: 'reading', done, all });
      }
    });
    const ended = await Promise.allSettled(runs);
    for (const run of ended) if (run.status === 'rejected') throw run.reason;
    request.signal.throwIfAborted();
    mustStillBeThere(work, results, request.places.stooqDir);
    return results;
  } catch (error) {
    await threads.close();
    await dropTemporaries(work.map(({ task }) => task.file));
    throw error;
  } finally {
    await threads.close();
  }
}

export async function dropTemporaries(files: readonly string[]): Promise<void> {
  await Promise.allSettled(files.map((file) => rm(temporaryName(file), { force: true })));
}

function formOf({ format, includeEmpty }: MatchRequest): Pick<MatchRequest, 'format' | 'includeEmpty'> {
  return { format, includeEmpty };
}

function batchesOf<T>(work: readonly T[]): T[][] {
  const batches: T[][] = [];
  for (let i = 0; i < work.length; i += BATCH) batches.push(work.slice(i, i + BATCH));
  return batches.reverse();
}

function sizes(work: readonly PlannedSource[]): number {
  return work.reduce((sum, { chosen }) => sum + (chosen.identity === '' ? 0 : sizeIn(chosen.identity)), 0);
}

/**
 * A file alone may go while the run is at work; where its folder is gone too, so is the archive. Throws the
 * disk's error.
 */
function mustStillBeThere(
  work: readonly (PlannedSource & { readonly task: PriceTask })[],
  results: ReadonlyMap<string, PriceResult>,
  root: string,
): void {
  for (const { task } of work) {
    const judged = results.get(task.ticker)?.judged;
    if (judged?.kind === 'failed' && judged.status === 'missing_file')
      statSync(path.join(root, path.dirname(task.path)));
  }
}
