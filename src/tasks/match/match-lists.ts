/**
 * The lists' instruments with their matches. A list whose matches of the last run still hold is not matched
 * again.
 */

import type { Alias } from '#market/instruments/aliases.js';
import type { ArchiveIndex } from '#market/instruments/archive-index.js';
import type { Instrument } from '#market/instruments/instrument.js';
import { type Match, matchInstrument } from '#market/instruments/match.js';
import type { ListState } from '#store/matching/state.js';
import { parseList } from '#vendors/broker/parse-list.js';
import type { BrokerList } from '#vendors/broker/read-lists.js';

export interface MatchedList extends ListState {
  /** Whether it was matched in this run. */
  readonly isFresh: boolean;
  /** Parsed when it is first needed. */
  readonly instruments: () => readonly Instrument[];
}

export interface ListMatching {
  /** By name: those whose names in the archive, aliases and rules are as they were. */
  readonly previous: ReadonlyMap<string, ListState>;
  /** Made when it is first needed. */
  readonly index: () => ArchiveIndex;
  readonly aliases: readonly Alias[];
}

export function matchLists(
  lists: readonly BrokerList[],
  { previous, index, aliases }: ListMatching,
): readonly MatchedList[] {
  return lists.map(({ name, bytes, hash }) => {
    let parsed: ReturnType<typeof parseList> | undefined;
    const parse = () => {
      parsed ??= parseList(name, bytes);
      return parsed;
    };
    const before = previous.get(name);
    const isFresh = before === undefined || before.hash !== hash;
    const matches: readonly Match[] = isFresh
      ? parse().instruments.map((instrument) => matchInstrument(instrument, { index: index(), aliases }))
      : before.matches;
    const problems = isFresh ? parse().problems : before.problems;
    return { name, hash, matches, problems, isFresh, instruments: () => parse().instruments };
  });
}

/** Each ticker once, in the order in which instruments match it. */
export function tickersOf(lists: readonly Pick<ListState, 'matches'>[]): readonly string[] {
  const tickers = new Set<string>();
  for (const { matches } of lists)
    for (const match of matches) if (match.kind === 'matched') tickers.add(match.ticker);
  return [...tickers];
}
