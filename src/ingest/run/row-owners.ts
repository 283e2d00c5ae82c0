/**
 * Whose the rows are that the series already have of a fetched day, and which of them may have to go. Pure.
 */
import type { FetchedDay } from '#ingest/day/day-task.js';
import type { Wanted } from '#ingest/plan/wanted.js';
import type { PendingDay } from '#ingest/series/pending-rows.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { type DatasetProgress, type DayRecord, isLookedUp } from '#store/ledger/model.js';

export type RowOwners = Pick<PendingDay, 'before' | 'ours' | 'users' | 'maybeGone'>;

export interface OwnerFacts {
  readonly day: IsoDay;
  readonly wanted: Wanted;
  /** By now: a day whose archive file is committed has its record. */
  readonly known: DatasetProgress;
  /** The day's record before this file was fetched. */
  readonly old: DayRecord | undefined;
  /** Bars of the file before that the vendor changed, of wanted tickers. */
  readonly before: PendingDay['before'];
}

/**
 * | a row that differs, of a ticker without a changed bar                   | it is      |
 * |--------------------------------------------------------------------------|------------|
 * | the older copy was compared: `before` would name it                      | the user's |
 * | the very text was processed before                                       | the user's |
 * | it was found to be the user's before                                     | the user's |
 * | the ticker was looked up on that day before                              | ours       |
 * | it was not                                                               | the user's |
 */
export function rowOwners(facts: OwnerFacts, fetched: FetchedDay): RowOwners {
  const { day, known, old, before } = facts;
  const isCompared = replacedIn(fetched) !== undefined;
  const isSameText = old?.text_sha256 === fetched.result.textSha256;
  const users = new Set(old?.users);
  return {
    before,
    users,
    ours: (ticker) => !isCompared && !isSameText && !users.has(ticker) && isLookedUp(known, ticker, day),
    maybeGone: isCompared ? [...before.keys()] : [...new Set([...before.keys(), ...lookedUpBefore(facts)])],
  };
}

/** How the file differs from the copy that it replaces, where the two were compared. */
export function replacedIn(fetched: FetchedDay) {
  return fetched.way === 'whole' ? fetched.result.replaced : undefined;
}

/** Without a copy to compare with, a ticker that was looked up may have a row that the new file has not. */
function lookedUpBefore({ day, known, wanted }: OwnerFacts): readonly string[] {
  if (known.days.get(day)?.size === undefined) return [];
  const tickers = wanted === '*' ? [...known.series.keys()] : wanted;
  return tickers.filter((ticker) => isLookedUp(known, ticker, day));
}
