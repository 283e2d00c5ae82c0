/**
 * One day from the source to a worker's result: download whole, verify, work. What arrives damaged is fetched again whole, like what
 * does not arrive; after the last attempt the error says what was wrong.
 */

import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { windowOf } from '#market/datasets/day-window.js';
import { SourceError } from '#platform/http/source-error.js';
import { md5OfEtag } from '#platform/s3/etag.js';
import type { ListedObject, Source } from '#vendors/flatfiles/port.js';
import { collect } from '#vendors/guard/collect.js';
import { type RetryPolicy, retry } from '#vendors/guard/retry.js';
import type { DayThreads } from './day-threads.js';
import type { DayJob, DayResult } from './day-work.js';

export interface FetchedDay {
  readonly result: DayResult;
  /** The object as it was when it was fetched, which may be newer than the listing. */
  readonly object: Omit<ListedObject, 'key'>;
  readonly bytes: number;
  readonly downloadSeconds: number;
  readonly workSeconds: number;
}

export interface FetchContext {
  readonly dataset: Dataset;
  readonly source: Source;
  readonly threads: DayThreads;
  readonly retry: RetryPolicy;
  readonly signal: AbortSignal;
  /** Monotonic, ms. */
  readonly clock: () => number;
  /** Told when the transfer of a large day goes on where it broke. */
  readonly onResume?: (from: number, reason: string) => void;
}

export async function fetchDay(
  day: IsoDay,
  object: ListedObject,
  wishes: Pick<DayJob, 'archive' | 'replaces' | 'series' | 'market'>,
  context: FetchContext,
): Promise<FetchedDay> {
  const { dataset, source, threads, signal, clock } = context;
  if (object.size > dataset.maxObjectBytes) {
    throw new SourceError(
      'damaged',
      `it has ${object.size} bytes, over the dataset's limit of ${dataset.maxObjectBytes}`,
    );
  }
  return retry(async () => {
    const begun = clock();
    const stream = await source.get(object.key, { signal });
    // Replaced since it was listed: then the answer's own length counts.
    const replaced = stream.etag !== undefined && object.etag !== undefined && stream.etag !== object.etag;
    const bytes = await collect(stream, {
      maxBytes: dataset.maxObjectBytes,
      ...(replaced ? {} : { expectedSize: object.size }),
    });
    const arrived = clock();
    const size = bytes.length;
    const etag = stream.etag ?? object.etag;
    const job: DayJob = {
      ...wishes,
      kind: 'day',
      day,
      bytes,
      md5: md5OfEtag(etag),
      rules: rulesOf(dataset),
      window: windowOf(dataset, day),
    };
    const result = await threads.run(job);
    return {
      result,
      object: { size, etag, lastModified: stream.lastModified ?? object.lastModified },
      bytes: size,
      downloadSeconds: (arrived - begun) / 1000,
      workSeconds: result.seconds,
    };
  }, context.retry);
}

/** The dataset itself does not go from thread to thread: its calendar holds functions. */
export function rulesOf(dataset: Dataset): DayJob['rules'] {
  const { maxTextBytes, maxObjectBytes, maxRecords, records, series } = dataset;
  return { maxTextBytes, maxObjectBytes, maxRecords, records, series };
}
