/** fetch_progress.json of a running fetch: at most once a second, and at its end. */
import type { TypeOutcome } from '#ingest/tables/outcome.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { type FetchProgress, writeFetchProgress } from '#store/tables/progress-file.js';

const EVERY_MS = 1000;

/** What the fetch has to do, by ticker: which types are asked for each. */
export interface ProgressAim {
  readonly tickers: readonly string[];
  readonly expected: ReadonlyMap<string, ReadonlySet<string>>;
  readonly workers: number;
}

export interface ProgressWriter {
  aim(aim: ProgressAim): void;
  /** Written where the last time is long enough ago. */
  note(outcome: TypeOutcome): Promise<void>;
  /** Written in any case. */
  end(): Promise<void>;
}

export function progressWriter(
  layout: Pick<FolderLayout, 'dataDir'>,
  { now, clock }: { readonly now: () => Date; readonly clock: () => number },
): ProgressWriter {
  const started = now().toISOString();
  const outcomes = new Map<string, TypeOutcome>();
  let aimed: ProgressAim = { tickers: [], expected: new Map(), workers: 0 };
  let writtenAt = Number.NEGATIVE_INFINITY;
  let writing = Promise.resolve();
  const write = (): Promise<void> => {
    writtenAt = clock();
    const document = documentOf(aimed, [...outcomes.values()], started, now().toISOString());
    // One after another: the last one stays.
    writing = writing.then(() => writeFetchProgress(layout, document));
    return writing;
  };
  return {
    aim: (aim) => {
      aimed = aim;
    },
    note: async (outcome) => {
      outcomes.set(outcome.type, outcome);
      if (clock() - writtenAt >= EVERY_MS) await write();
    },
    end: write,
  };
}

function documentOf(
  { tickers, expected, workers }: ProgressAim,
  outcomes: readonly TypeOutcome[],
  started: string,
  updated: string,
): FetchProgress {
  const lacks = (ticker: string): boolean =>
    [...expected].some(
      ([type, wanted]) =>
        wanted.has(ticker) && outcomes.find((one) => one.type === type)?.tickersDone.has(ticker) !== true,
    );
  return {
    completed: tickers.filter((ticker) => !lacks(ticker)),
    failed: Object.fromEntries(outcomes.flatMap(({ tickersFailed }) => [...tickersFailed])),
    started_at: started,
    last_updated: updated,
    total_tickers: tickers.length,
    workers,
    windows: Object.fromEntries(
      outcomes.map(({ type, planned, done, failed, rows, tickersDone }) => [
        type,
        {
          planned,
          done: tickersDone.size > 0 ? [] : done,
          failed: failed.map(({ name }) => name),
          rows,
        },
      ]),
    ),
  };
}
