/**
 * Days of symbols, several at a time. A day that fails is told and the others go on, except where going on is
 * of no use: wrong keys, a full disk, a lost lock, a network that gave out.
 */
import { SourceError } from '#platform/http/source-error.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import type { QuoteDayState, QuoteDayTask, QuoteEvent } from './events.js';
import { type DayImport, importDay } from './import-day.js';

export interface DaysImport extends DayImport {
  readonly tasks: readonly QuoteDayTask[];
  /** Days at once. */
  readonly workers: number;
  /** Monotonic, ms. */
  readonly clock: () => number;
  readonly hear: (event: QuoteEvent) => void;
}

export interface DaysImported {
  readonly days: number;
  readonly quotes: number;
  readonly rows: number;
  readonly bytes: number;
  readonly problems: readonly QuoteProblem[];
  /** Days of symbols that had no quote, by symbol. */
  readonly empty: ReadonlyMap<string, number>;
  /** What ended it before all days were tried, if anything did. */
  readonly ended: unknown;
}

export interface QuoteProblem extends QuoteDayTask {
  readonly state: QuoteDayState;
  readonly reason: string;
  readonly error: SourceError | ArchiveDamage;
}

/** So many days in a row that the network loses, and it is not the day's own trouble. */
const LOST_IN_A_ROW = 3;

/** Throws nothing: what ended it is in the result. */
export async function importDays(options: DaysImport): Promise<DaysImported> {
  const { tasks, workers, clock, hear, signal } = options;
  const tally = { days: 0, quotes: 0, rows: 0, bytes: 0 };
  const problems: QuoteProblem[] = [];
  const empty = new Map<string, number>();
  const unknown = new Map<string, QuoteProblem>();
  let lost = 0;
  let ended: unknown;
  let next = 0;

  async function one(task: QuoteDayTask): Promise<void> {
    const { symbol, day } = task;
    const begun = clock();
    let portions = 0;
    const { quotes, rows, bytes } = await importDay(symbol, day, options, (arrived) => {
      portions++;
      hear({ type: 'arrived', symbol, day, quotes: arrived });
    });
    lost = 0;
    tally.days++;
    tally.quotes += quotes;
    tally.rows += rows;
    tally.bytes += bytes;
    if (quotes === 0) empty.set(symbol, (empty.get(symbol) ?? 0) + 1);
    const seconds = (clock() - begun) / 1000;
    const progress = { done: tally.days + problems.length, todo: tasks.length };
    hear({ type: 'imported', symbol, day, quotes, rows, bytes, portions, seconds, ...progress });
  }

  function judge(task: QuoteDayTask, error: unknown): void {
    if (signal.aborted || !(error instanceof SourceError || error instanceof ArchiveDamage)) {
      ended ??= error;
      return;
    }
    const problem = { ...task, state: stateOf(error), reason: error.message, error };
    problems.push(problem);
    if (problem.state === 'missing' && error instanceof SourceError && error.status !== undefined)
      unknown.set(task.symbol, problem);
    hear({ type: 'problem', ...task, state: problem.state, reason: problem.reason });
    lost = isLost(error) ? lost + 1 : 0;
    if (endsAll(error) || lost >= LOST_IN_A_ROW) ended ??= error;
  }

  async function work(): Promise<void> {
    while (ended === undefined && !signal.aborted) {
      const task = tasks[next++];
      if (task === undefined) return;
      const known = unknown.get(task.symbol);
      if (known !== undefined) {
        // The vendor does not know the symbol: its other days are not asked for.
        problems.push({ ...known, ...task });
        continue;
      }
      await one(task).catch((error: unknown) => judge(task, error));
    }
  }

  await Promise.all(Array.from({ length: Math.min(workers, tasks.length) }, work));
  if (signal.aborted) ended ??= signal.reason;
  return { ...tally, problems, empty, ended };
}

function stateOf(error: SourceError | ArchiveDamage): QuoteDayState {
  if (!(error instanceof SourceError)) return 'failed';
  return error.kind === 'denied' ? 'denied' : error.kind === 'not-found' ? 'missing' : 'failed';
}

function isLost(error: SourceError | ArchiveDamage): boolean {
  return (
    error instanceof SourceError &&
    (error.kind === 'network' || error.kind === 'server' || error.kind === 'throttled')
  );
}

/** Whether every other day would meet the same. */
function endsAll(error: SourceError | ArchiveDamage): boolean {
  return (
    error instanceof SourceError &&
    (error.kind === 'unauthenticated' || error.kind === 'configuration' || error.final)
  );
}
