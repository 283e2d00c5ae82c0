/** What was called what, and when: every owner of a ticker, with all the names that each had. */
import { knownByTicker } from '#market/tickers/by-ticker.js';
import { namesOf, type Ownership, ownersOf } from '#market/tickers/owners.js';
import type { Identity } from './read-identity.js';

export interface OwnerHistory {
  /** The span of days in which the ticker was this company's. */
  readonly owner: Ownership;
  /** Every name of the company, this one too, the first one first. */
  readonly names: readonly Ownership[];
}

/** Of many tickers, each in the order of its days. */
export function historiesIn(identity: Identity): (ticker: string) => readonly OwnerHistory[] {
  const of = knownByTicker(identity);
  return (ticker) => historyOf(ticker, of(ticker));
}

/** The names until the last owner's present one; none where it was never called otherwise. */
export function namesUntilNow(ticker: string, histories: readonly OwnerHistory[]): readonly Ownership[] {
  const names = histories.at(-1)?.names ?? [];
  const until = names.findLastIndex((name) => name.ticker === ticker);
  return until < 1 ? [] : names.slice(0, until + 1);
}

export function historyOf(ticker: string, { listed, changes }: Identity): readonly OwnerHistory[] {
  return ownersOf(ticker, listed, changes).map((owner) => {
    const names = namesOf(owner, changes).map((name) =>
      name.ticker === ticker && name.start === owner.start ? owner : { ...name, name: owner.name },
    );
    return { owner, names: names.length === 0 ? [owner] : names };
  });
}
