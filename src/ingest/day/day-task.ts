/**
 * One day of the vendor's as a piece of work. A task is plain data that JSON carries: whoever has a source, a
 * folder and threads can run it (run-day-task.ts), here or on another machine. Nothing of what it makes has
 * its final name, and nothing is recorded.
 */

import type { SplitDay } from '#ingest/pieces/split-day.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { RetryPolicy } from '#platform/guard/retry.js';
import type { Source } from '#platform/s3/port.js';
import type { SourceKind } from '#platform/source-identity.js';
import type { FolderLayout } from '#store/folder/layout.js';
import type { DayObject, FetchedObject } from './day-object.js';
import type { DayThreads } from './day-threads.js';
import type { DayResult } from './day-work.js';

export interface DayTask {
  /** Its name. */
  readonly dataset: string;
  readonly day: IsoDay;
  /** As it was listed. */
  readonly object: DayObject;
  readonly prepares: Prepared;
  /** Whether the file takes the place of an older one, to be compared with. */
  readonly replaces: boolean;
  /** Whether the bars are taken of the tickers that the threads were started with. */
  readonly series: boolean;
  /** Whether the tickers of the day are wanted, to suggest from. */
  readonly market: boolean;
}

/**
 * The file that is made of a day: one for the archive, one that goes again when the series have what they
 * want of it, or none.
 */
export type Prepared = 'archive' | 'aside' | 'nothing';

/** What a task is run with. */
export interface DayTaskContext {
  readonly source: Source;
  /**
   * Whose archive the file is prepared for, under a temporary name beside its final one. The folder is there.
   */
  readonly layout: FolderLayout;
  readonly threads: DayThreads;
  readonly retry: RetryPolicy;
  readonly signal: AbortSignal;
  /** Monotonic, ms. */
  readonly clock: () => number;
  /** Called when the transfer of a large day goes on where it broke. */
  readonly onResume?: (from: number, reason: string) => void;
}

export type FetchedDay = Transfer &
  (
    | { readonly way: 'whole'; readonly result: DayResult }
    | { readonly way: 'pieces'; readonly result: SplitDay }
  );

export interface Transfer {
  readonly from: SourceKind;
  readonly object: FetchedObject;
  /** Compressed bytes that were downloaded. */
  readonly bytes: number;
  readonly downloadSeconds: number;
  readonly workSeconds: number;
}
