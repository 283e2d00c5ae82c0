/** What the threads of a run do: days, pieces of large ones, slices of the market. */
import { type DayJob, type DayResult, workDay } from '#ingest/day/day-work.js';
import { takeDay } from '#ingest/day/take-work.js';
import { type WorkedPiece, workPiece } from '#ingest/pieces/piece-work.js';
import { sortRuns } from '#ingest/pieces/sort-runs.js';
import { type Wanted, wantedBytes } from '#ingest/plan/wanted.js';
import { rebuildSlice } from '#ingest/series/rebuild-slice.js';
import type { TakenRows } from '#market/records/taken-rows.js';

export type IngestJobs = ReturnType<typeof ingestJobs>;

/** `wanted`: the tickers that are taken out of every day. */
export function ingestJobs(wanted: Wanted) {
  const tickers = wantedBytes(wanted);
  return {
    day: {
      work: (job: DayJob) => workDay(job, tickers),
      transfer: ({ taken }: DayResult) => buffersOf(taken),
    },
    piece: {
      work: workPiece,
      transfer: ({ members, text }: WorkedPiece) => [members.buffer, text.buffer],
    },
    sort: { work: sortRuns },
    take: { work: takeDay, transfer: buffersOf },
    slice: { work: rebuildSlice },
  };
}

function buffersOf({ bytes, ends }: TakenRows): readonly ArrayBuffer[] {
  return [bytes.buffer, ends.buffer];
}
