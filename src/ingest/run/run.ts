/**
 * What every station of a run shares: the parts it was given, the pieces that it set up, and how a day is
 * reported.
 */

import type { TakeFrom } from '#ingest/day/take-from-archive.js';
import type { Wanted } from '#ingest/plan/wanted.js';
import type { SeriesFlow } from '#ingest/series/series-flow.js';
import type { DayCounts, SeriesTarget } from '#ingest/series/series-writer.js';
import type { Pool } from '#ingest/threads/pool.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { ArchiveStore } from '#store/archive/store.js';
import type { DatasetProgress, DayRecord } from '#store/ledger/model.js';
import type { ProgressStore } from '#store/ledger/store.js';
import type { Committer } from './commit.js';
import type { DayEvent } from './events.js';
import type { Listings } from './list-months.js';
import type { PopulateContext, PopulateRequest } from './request.js';
import type { Vendor } from './vendor.js';

export interface RunParts {
  readonly request: PopulateRequest;
  readonly context: PopulateContext;
  readonly wanted: Wanted;
  readonly archive: ArchiveStore;
  readonly progress: ProgressStore;
  readonly known: DatasetProgress;
  readonly target: SeriesTarget;
  readonly vendor: Vendor;
  /** Before a day that was fetched gets its name: the archive says whose days it holds. */
  readonly claimArchive: () => Promise<void>;
  readonly listings: Listings;
  readonly pool: Pool;
}

export interface Run extends RunParts {
  /** Ends everything that is under way, whether the user or a failure says so. */
  readonly signal: AbortSignal;
  /** Ends the run early; `what` was being done. Only the first one counts. */
  readonly fail: (error: unknown, what?: string) => void;
  readonly committer: Committer;
  readonly flow: SeriesFlow;
  /** Days whose bars go to every ticker, once the last one is in the archive. */
  readonly waiting: WaitingDay[];
  readonly isWanted: (ticker: string) => boolean;
  readonly noteWorked: () => void;
  readonly reportDay: (event: Omit<DayEvent, 'type' | 'n' | 'days'>) => void;
  /** Tickers of a day that was read, once one was. */
  readonly market: { tickers: ReadonlySet<string> | undefined };
}

export interface WaitingDay {
  readonly day: IsoDay;
  /** The day's record once every ticker has it. */
  readonly record: DayRecord;
  readonly report: (counts: DayCounts, tickers: number) => void;
}

/** For whoever reads the series' lines out of the archive. */
export function takeFrom({ archive, pool, request: { dataset, layout } }: Run): TakeFrom {
  return { dataset, archive, layout, threads: pool };
}
