/** What is asked of populate, and what the outside lends it. */

import type { DayWishes } from '#ingest/plan/day-state.js';
import type { Wanted } from '#ingest/plan/wanted.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import type { Replacement } from '#platform/disk/durable.js';
import type { OnNamedRetry, RetryPolicy } from '#platform/guard/retry.js';
import type { LockWait } from '#platform/lock/lock-wait.js';
import type { Source } from '#platform/s3/port.js';
import type { FolderLayout } from '#store/folder/layout.js';
import type { DatasetProgress } from '#store/ledger/model.js';
import type { Emit } from './events.js';

export interface PopulateRequest {
  readonly dataset: Dataset;
  readonly layout: FolderLayout;
  readonly range: { readonly start: IsoDay; readonly end: IsoDay };
  /** Of the range only these days; undefined: all of its sessions. */
  readonly only?: ReadonlySet<IsoDay>;
  /** Ignored without `wishes.series`. */
  readonly wanted: Wanted;
  /** Where the tickers are from, so that lists of no use can be named. */
  readonly lists?: readonly {
    readonly file: string;
    readonly tickers: readonly string[];
    /** Why it holds none, where it looks like a list. */
    readonly barren: string | undefined;
  }[];
  readonly wishes: DayWishes;
  /** List settled days again too. */
  readonly recheck: boolean;
  /** Plan only; nothing is written. */
  readonly dryRun: boolean;
  /** Days in flight at once. */
  readonly concurrency: number;
  /** Worker threads. */
  readonly workers: number;
  /** Go on although the folder was filled from another source. */
  readonly adoptSource: boolean;
  /** Fetch again although none of the recorded days is in the archive. */
  readonly archiveMayBeGone: boolean;
  /** The command, for who finds the lock taken; default populate. */
  readonly command?: string;
  /** Take the lock whoever holds it. */
  readonly breakLock: boolean;
  /** Wait for who holds it. */
  readonly waitLock?: LockWait | undefined;
  /**
   * Asked once the lock is held, since whoever held it before may have changed what is tracked: in the place
   * of `wanted`, and text files of the user's that the options change (tracked.txt). `known`: of the dataset,
   * by then.
   */
  readonly underLock?: (
    known: DatasetProgress,
  ) => Promise<{ readonly wanted: Wanted; readonly write: readonly Replacement[] }>;
}

/** What a source reports while it works, beside its answers. */
export interface SourceReports {
  /** A listing is asked for again. */
  readonly onListRetry: OnNamedRetry;
  /** This computer's clock is minutes from the server's, which is so many ms ahead. Once. */
  readonly onClockOff: (aheadMs: number) => void;
}

/** What the outside lends a run. */
export interface PopulateContext {
  /**
   * Called at most once, and only if something has to be asked of the vendor. What the source reports on its
   * way is handed to `report`.
   */
  readonly openSource: (report: SourceReports) => Promise<Source>;
  readonly retry: RetryPolicy;
  /** Requests so far, as they went over the wire; bytes of bodies. */
  readonly wire: () => {
    readonly list: number;
    readonly get: number;
    readonly retried: number;
    readonly bytes: number;
  };
  readonly now: Date;
  /** Monotonic, ms. */
  readonly clock: () => number;
  readonly signal: AbortSignal;
  readonly emit: Emit;
  /** Called with what the run came to while it still holds the lock; never of a dry run. */
  readonly ended?: (exitCode: number) => Promise<void>;
}
