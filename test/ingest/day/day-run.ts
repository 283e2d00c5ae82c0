/**
 * Days of the vendor's out of memory, and worker threads that are none, for tests of what is done with a day.
 */
import { gzipSync } from 'node:zlib';
import type { DayTask, DayTaskContext } from '#ingest/day/day-task.js';
import type { DayThreads } from '#ingest/day/day-threads.js';
import { workDay } from '#ingest/day/day-work.js';
import { takeDay } from '#ingest/day/take-work.js';
import { workPiece } from '#ingest/pieces/piece-work.js';
import { sortRuns } from '#ingest/pieces/sort-runs.js';
import type { Source } from '#platform/s3/port.js';
import type { FolderLayout } from '#store/folder/layout.js';

export const DAY = '2024-06-11';
const OPEN_NS = `${Date.parse(`${DAY}T13:30:00Z`) / 1000}000000000`;
const UPLOADED = new Date('2024-06-12T10:00:00Z');

/** A record of each ticker, at its price, compressed. */
export function dayFile(prices: Readonly<Record<string, number>>): Buffer {
  const records = Object.entries(prices).map(
    ([ticker, price]) => `${ticker},100,${price},${price},${price},${price},${OPEN_NS},1\n`,
  );
  return gzipSync(`ticker,volume,open,close,high,low,window_start,transactions\n${records.join('')}`);
}

/** As it is listed. */
export function listed(file: Buffer, etag: string) {
  return { key: `any/${DAY}.csv.gz`, size: file.length, etag, lastModified: UPLOADED };
}

/** Every key is this file. */
export function sourceOf(file: Buffer, etag: string): Source {
  return {
    identity: { endpoint: 'memory', bucket: 'any' },
    list: async () => [listed(file, etag)],
    get: async () => ({
      contentLength: file.length,
      etag,
      lastModified: UPLOADED,
      body: (async function* () {
        yield file;
      })(),
      cancel: () => undefined,
    }),
    close: () => undefined,
  };
}

export const threads: DayThreads = {
  run: async (job) => workDay(job, '*'),
  piece: async (job) => workPiece(job),
  sort: async (job) => sortRuns(job),
  take: async (job) => takeDay(job),
  size: 1,
};

export function contextOf(source: Source, layout: FolderLayout): DayTaskContext {
  return {
    source,
    layout,
    threads,
    retry: { attempts: 1, baseMs: 0, capMs: 0, sleep: async () => undefined, random: () => 0 },
    signal: new AbortController().signal,
    clock: () => 0,
  };
}

export function taskOf(dataset: string, file: Buffer, etag: string): DayTask {
  const { lastModified, ...object } = listed(file, etag);
  return {
    dataset,
    day: DAY,
    object: { ...object, last_modified: lastModified.toISOString() },
    prepares: 'archive',
    replaces: false,
    series: true,
    market: true,
  };
}
