/**
 * Runs a task: each day that the bucket does not have is fetched and made into an archive file in a scratch
 * folder, as populate does it, put into the bucket, and committed by its manifest. What goes wrong with a day is
 * told in the bucket, so that the third failure anywhere is the last.
 */
import { mkdir, rm } from 'node:fs/promises';
import pLimit from 'p-limit';
import { datasetNamed } from '#ingest/day/dataset-named.js';
import { type DayObject, dayObject } from '#ingest/day/day-object.js';
import type { DayTask, FetchedDay } from '#ingest/day/day-task.js';
import type { DayThreads } from '#ingest/day/day-threads.js';
import { wayOf } from '#ingest/day/day-way.js';
import type { PreparedFile } from '#ingest/day/prepared-file.js';
import { runDayTask } from '#ingest/day/run-day-task.js';
import { type IsoDay, monthOf } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { dayFileName, monthPrefix } from '#market/datasets/key.js';
import type { RetryPolicy } from '#platform/guard/retry.js';
import { SourceError } from '#platform/http/source-error.js';
import type { Source } from '#platform/s3/port.js';
import { factsOf } from '#store/archive/file-facts.js';
import { commitDay } from '#store/bucket/commit-day.js';
import {
  etagMark,
  type FailureKind,
  failureKey,
  failuresPrefix,
  readFailureKey,
} from '#store/bucket/keys.js';
import { newestManifest } from '#store/bucket/newest-manifest.js';
import type { OpenBucket } from '#store/bucket/open-bucket.js';
import { archiveFolder, folderLayout } from '#store/folder/layout.js';
import type { ClusterDay, ClusterTask, DayOutcome } from './task.js';

/** A damaged day is tried so often, wherever. */
export const TRIES = 3;

export interface TaskTools {
  readonly source: Source;
  readonly bucket: OpenBucket;
  readonly threads: DayThreads;
  readonly retry: RetryPolicy;
  readonly signal: AbortSignal;
  /** A folder of nobody else's, but of other tasks of this run. */
  readonly scratch: string;
  /** Days at once, at most. */
  readonly concurrency: number;
  /** Monotonic, ms. */
  readonly clock: () => number;
  readonly now: () => Date;
  /** `barloom 1.2.3 on host`. */
  readonly writtenBy: string;
  /** A name that no other has. */
  readonly newAttempt: () => string;
  readonly onDay: (outcome: DayOutcome) => void;
}

/** Throws what is no fault of a day: SourceError, BucketError, the disk's error, or the signal's reason. */
export async function runClusterTask(task: ClusterTask, tools: TaskTools): Promise<readonly DayOutcome[]> {
  const dataset = datasetNamed(task.dataset);
  const limit = pLimit(wayOf(dataset).daysAtOnce(tools.concurrency));
  await mkdir(archiveFolder(folderLayout(tools.scratch), dataset), { recursive: true });
  let hasFailed = false;
  const results = await Promise.allSettled(
    task.days.map((one) =>
      limit(async () => {
        tools.signal.throwIfAborted();
        if (hasFailed) return undefined;
        try {
          const outcome = await runDay(one, dataset, tools);
          tools.onDay(outcome);
          return outcome;
        } catch (error) {
          hasFailed = true;
          throw error;
        }
      }),
    ),
  );
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return results.flatMap((result) => (result.status === 'fulfilled' ? (result.value ?? []) : []));
}

async function runDay({ day, object }: ClusterDay, dataset: Dataset, tools: TaskTools): Promise<DayOutcome> {
  const { bucket } = tools;
  const newest = await newestManifest(bucket, dataset.name, day);
  if (newest !== undefined && newest.vendor.etag === etagOf(object)) {
    const { generation, archive } = newest;
    return { day, state: 'there', generation, textSha256: archive.textSha256 };
  }
  const before = await failuresOf(day, dataset, object, bucket);
  if (isDead(before)) return { day, state: 'dead', why: 'it was given up before (barloom cluster retry)' };
  const begun = tools.clock();
  let fetched: FetchedDay;
  try {
    fetched = await fetchDay(day, object, dataset, tools);
  } catch (error) {
    return await failed(error, { day, object, dataset, before }, tools);
  }
  // What the bucket refuses from here on (a full one answers 403 too) is no fault of the day's.
  try {
    return await commit({ day, fetched, generation: (newest?.generation ?? 0) + 1, begun }, dataset, tools);
  } finally {
    await rm(preparedOf(fetched).temporary, { force: true });
  }
}

/** Of one that the vendor has replaced meanwhile what is there now. */
async function fetchDay(
  day: IsoDay,
  object: DayObject,
  dataset: Dataset,
  tools: TaskTools,
): Promise<FetchedDay> {
  try {
    return await fetchListed(day, object, dataset, tools);
  } catch (error) {
    if (!(error instanceof SourceError) || error.kind !== 'changed') throw error;
    const listed = await tools.source.list(object.key, { signal: tools.signal });
    const now = listed.find(({ key }) => key === object.key);
    if (now === undefined) throw new SourceError('not-found', `${object.key} is not listed any more.`);
    return fetchListed(day, dayObject(now), dataset, tools);
  }
}

function fetchListed(
  day: IsoDay,
  object: DayObject,
  dataset: Dataset,
  { source, threads, retry, signal, scratch, clock }: TaskTools,
): Promise<FetchedDay> {
  const task: DayTask = {
    dataset: dataset.name,
    day,
    object,
    prepares: 'archive',
    replaces: false,
    series: false,
    market: false,
  };
  const matching: Source = {
    ...source,
    get: (key, options) => source.get(key, { ...options, ifMatch: options?.ifMatch ?? object.etag }),
  };
  return runDayTask(task, {
    source: matching,
    layout: folderLayout(scratch),
    threads,
    retry: { ...retry, signal },
    signal,
    clock,
  });
}

interface Fetched {
  readonly day: IsoDay;
  readonly fetched: FetchedDay;
  readonly generation: number;
  readonly begun: number;
}

async function commit(
  { day, fetched, generation, begun }: Fetched,
  dataset: Dataset,
  tools: TaskTools,
): Promise<DayOutcome> {
  const { result, object } = fetched;
  const { temporary, stamp, toc } = preparedOf(fetched);
  const { textBytes, firstTicker, lastTicker } = factsOf(temporary, toc, dataset);
  const textSha256 = result.sortedSha256 ?? result.textSha256;
  const committed = await commitDay(
    {
      dataset: dataset.name,
      day,
      generation,
      attempt: tools.newAttempt(),
      vendor: {
        key: monthPrefix(dataset, monthOf(day)) + dayFileName(day),
        etag: etagOf(object),
        size: object.size,
        ...(object.last_modified === undefined ? {} : { lastModified: object.last_modified }),
        ...(result.sortedSha256 === undefined ? {} : { textSha256: result.textSha256 }),
      },
      file: temporary,
      bytes: stamp.size,
      toc,
      textBytes,
      textSha256,
      tickers: { first: firstTicker, last: lastTicker },
      records: result.rows,
      seconds: () => Math.round(tools.clock() - begun) / 1000,
      writtenBy: tools.writtenBy,
      now: tools.now,
    },
    tools.bucket,
  );
  const state = committed.alreadyThere ? 'there' : 'done';
  return { day, state, generation: committed.generation, textSha256 };
}

interface FailedDay {
  readonly day: IsoDay;
  readonly object: DayObject;
  readonly dataset: Dataset;
  readonly before: readonly FailureKind[];
}

/** Throws the error where it is no fault of the day's. */
async function failed(
  error: unknown,
  { day, object, dataset, before }: FailedDay,
  { bucket, now, writtenBy, newAttempt }: TaskTools,
): Promise<DayOutcome> {
  if (!(error instanceof SourceError)) throw error;
  const why = error.message;
  if (error.kind === 'not-found') return { day, state: 'gone', why };
  if (error.kind !== 'damaged' && error.kind !== 'denied') throw error;
  const kind = error.kind;
  const etag = etagOf(object);
  const name = { day, kind, etag, attempt: newAttempt() };
  const told = { dataset: dataset.name, day, kind, why, etag, at: now().toISOString(), by: writtenBy };
  const key = failureKey(bucket.place.prefix, dataset.name, name);
  await bucket.create(key, Buffer.from(`${JSON.stringify(told, null, 2)}\n`));
  return { day, state: isDead([...before, kind]) ? 'dead' : 'damaged', why };
}

/** What went wrong before with the very file. */
async function failuresOf(
  day: IsoDay,
  dataset: Dataset,
  object: DayObject,
  bucket: OpenBucket,
): Promise<readonly FailureKind[]> {
  const { prefix } = bucket.place;
  const listed = await bucket.list(`${failuresPrefix(prefix, dataset.name)}${day}/`);
  return listed.flatMap(({ key }) => {
    const found = readFailureKey(prefix, dataset.name, key);
    return found?.mark === etagMark(etagOf(object)) ? [found.kind] : [];
  });
}

/** Whether a day is given up: denied once, or damaged three times. Pure. */
export function isDead(failures: readonly FailureKind[]): boolean {
  return failures.includes('denied') || failures.filter((kind) => kind === 'damaged').length >= TRIES;
}

/** A folder's files have none: then size and time have to do. */
export function etagOf({ etag, size, last_modified }: Omit<DayObject, 'key'>): string {
  return etag ?? `${size} ${last_modified ?? ''}`;
}

function preparedOf({ result }: FetchedDay): PreparedFile {
  if (result.archive === undefined) throw new RangeError('the day was fetched without an archive file');
  return result.archive;
}
