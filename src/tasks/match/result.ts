/** What a run of matching came to. */
import type { ListProblem } from '#market/instruments/instrument.js';
import type { MatchSummary } from '#store/matching/match-summary.js';
import type { ListState, SourceState } from '#store/matching/state.js';
import type { LeftOut, UnreadableFolder } from '#vendors/stooq/scan-tree.js';

export interface MatchResult {
  /** Undefined in a dry run that nothing came before. */
  readonly summary: MatchSummary | undefined;
  readonly work: MatchWork;
  readonly problems: MatchProblems;
  readonly leftOut: LeftOut;
  /** Tickers that lie in several folders, of those that instruments matched: which file counts. */
  readonly doubles: readonly { readonly ticker: string; readonly path: string }[];
}

/** What was done, or would be. All 0 and empty: nothing has changed. */
export interface MatchWork {
  readonly lists_matched: number;
  readonly instruments_matched: number;
  readonly files_read: number;
  readonly bytes_read: number;
  readonly prices_written: number;
  readonly prices_removed: number;
  readonly outputs_written: readonly string[];
}

export interface MatchProblems {
  readonly folders: readonly UnreadableFolder[];
  readonly lists: readonly (ListProblem & { readonly list: string })[];
  /** Price files that are not there any more, or cannot be read. */
  readonly sources: readonly { readonly path: string; readonly status: string }[];
}

/**
 * Whether something that was asked for is not there. An instrument without a price file is a finding and no
 * failure.
 */
export function isIncomplete({ folders, lists, sources }: MatchProblems): boolean {
  return folders.length > 0 || sources.length > 0 || lists.some(({ isLoss }) => isLoss);
}

export function problemsIn(
  folders: readonly UnreadableFolder[],
  lists: readonly ListState[],
  sources: Readonly<Record<string, SourceState>>,
): MatchProblems {
  return {
    folders,
    lists: lists.flatMap(({ name, problems }) => problems.map((problem) => ({ ...problem, list: name }))),
    sources: Object.values(sources).flatMap(({ path, judged }) =>
      judged.kind === 'failed' ? [{ path, status: judged.status }] : [],
    ),
  };
}
