/**
 * The way that a dataset's days go: `whole`, each in memory and through one worker thread, or (large ones) in
 * `pieces`, through all threads and never whole in memory. Chosen here and nowhere else.
 */
import type { Dataset } from '#market/datasets/dataset.js';
import type { Prepared } from './day-task.js';

export interface DayWay {
  readonly name: 'whole' | 'pieces';
  /** How many days may be under way at once, where the user allows `concurrency`. */
  readonly daysAtOnce: (concurrency: number) => number;
  /** How many of the threads so many days keep busy. */
  readonly threadsFor: (days: number, threads: number) => number;
  /** So long finished days gather that are made durable together, ms. */
  readonly gatherMs: number;
  /** What becomes of the archive file. */
  readonly prepares: (isKept: boolean) => Prepared;
}

const WHOLE: DayWay = {
  name: 'whole',
  daysAtOnce: (concurrency) => concurrency,
  threadsFor: (days) => days,
  // Such days come many a second: syncs of a folder and a journal cost more than waiting for a few more.
  gatherMs: 40,
  prepares: (isKept) => (isKept ? 'archive' : 'nothing'),
};

const PIECES: DayWay = {
  name: 'pieces',
  // One is worked through while the next arrives, and each takes its memory.
  daysAtOnce: (concurrency) => Math.min(2, concurrency),
  threadsFor: (_days, threads) => threads,
  gatherMs: 0,
  // What the series want is taken out of the file, so there is one also where none is kept.
  prepares: (isKept) => (isKept ? 'archive' : 'aside'),
};

export function wayOf({ inPieces }: Pick<Dataset, 'inPieces'>): DayWay {
  return inPieces ? PIECES : WHOLE;
}
