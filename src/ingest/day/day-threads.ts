/** The worker threads, as far as a day needs them. */
import type { PieceJob, WorkedPiece } from '#ingest/pieces/piece-work.js';
import type { SortedRuns, SortJob } from '#ingest/pieces/sort-runs.js';
import type { TakenLines } from '#ingest/series/taken-lines.js';
import type { DayJob, DayResult } from './day-work.js';
import type { TakeJob } from './take-work.js';

export interface DayThreads {
  /** The job's bytes are handed over and gone for the caller. Rejects with what `workDay` throws. */
  run(job: DayJob): Promise<DayResult>;
  /** Rejects with what `workPiece` throws. The piece's text is handed over and gone for the caller. */
  piece(job: PieceJob): Promise<WorkedPiece>;
  /** Rejects with what `sortRuns` throws. */
  sort(job: SortJob): Promise<SortedRuns>;
  /** Rejects with ArchiveDamage or the disk's error. */
  take(job: TakeJob): Promise<TakenLines>;
  /** How many there are. */
  readonly size: number;
}
