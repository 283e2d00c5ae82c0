/**
 * What a run of matching is going to do, before it reads a price file: the lists with their matches, and the
 * files that have to be read.
 */
import { type ArchiveIndex, buildIndex } from '#market/instruments/archive-index.js';
import { RULES_VERSION } from '#market/instruments/match.js';
import type { OutputPlace } from '#store/matching/recorded-file.js';
import type { FoundState, MatchState } from '#store/matching/state.js';
import { indexEntries } from '#vendors/stooq/index-entries.js';
import type { MatchInputs } from './inputs.js';
import { type MatchedList, matchLists, tickersOf } from './match-lists.js';
import { bytesOf, type PlannedSource, planSource, pricePlaces } from './plan-sources.js';
import type { MatchRequest } from './request.js';
import { type MatchResult, problemsIn } from './result.js';

/** What a run knows before it reads a price file. */
export interface MatchPlan {
  readonly request: MatchRequest;
  readonly inputs: MatchInputs;
  readonly found: FoundState;
  /** To go on from; undefined where everything is done anew. */
  readonly previous: MatchState | undefined;
  readonly lists: readonly MatchedList[];
  readonly planned: readonly PlannedSource[];
  readonly isSameTree: boolean;
  readonly index: () => ArchiveIndex;
  readonly placeOf: (ticker: string) => OutputPlace;
}

export function planRun(request: MatchRequest, inputs: MatchInputs, found: FoundState): MatchPlan {
  const { tree, lists, aliases, aliasesHash } = inputs;
  const previous = found.kind === 'found' && !request.full ? found.state : undefined;
  let built: ArchiveIndex | undefined;
  const index = (): ArchiveIndex => {
    built ??= buildIndex(indexEntries(tree));
    return built;
  };
  const isSameTree = previous?.tree === tree.hash;
  const matchesHold =
    isSameTree &&
    previous.aliases === aliasesHash &&
    previous.rules === RULES_VERSION &&
    !request.forceReindex;
  const matched = matchLists(lists, {
    previous: new Map((matchesHold ? previous.lists : []).map((list) => [list.name, list])),
    index,
    aliases,
  });
  const placeOf = pricePlaces(request);
  const planning = { request, previous, isSameTree, index, placeOf };
  const planned = tickersOf(matched).map((ticker) => planSource(ticker, planning));
  return { request, inputs, found, previous, lists: matched, planned, isSameTree, index, placeOf };
}

/** Of a dry run. */
export function foretold({ inputs, previous, lists, planned }: MatchPlan): MatchResult {
  const work = planned.filter(({ task }) => task !== undefined);
  return {
    summary: previous?.summary,
    work: {
      ...matchingWork(lists),
      files_read: work.length,
      bytes_read: bytesOf(planned),
      prices_written: work.filter(({ task }) => task?.settledFor === undefined).length,
      prices_removed: 0,
      outputs_written: [],
    },
    problems: problemsIn(inputs.tree.unreadable, lists, {}),
    leftOut: inputs.tree.leftOut,
    doubles: [],
  };
}

export function matchingWork(
  lists: readonly MatchedList[],
): Pick<MatchResult['work'], 'lists_matched' | 'instruments_matched'> {
  const fresh = lists.filter(({ isFresh }) => isFresh);
  return {
    lists_matched: fresh.length,
    instruments_matched: fresh.reduce((sum, { matches }) => sum + matches.length, 0),
  };
}
