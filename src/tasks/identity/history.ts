/** What was called what, and when: every owner of a ticker, with all the names that each had. */
import { namesOf, type Ownership, ownersOf } from '#market/tickers/owners.js';
import type { Identity } from './read-identity.js';

export interface OwnerHistory {
  /** The span of days in which the ticker was this company's. */
  readonly owner: Ownership;
  /** Every name of the company, this one too, the first one first. */
  readonly names: readonly Ownership[];
}

export function historyOf(ticker: string, { listed, changes }: Identity): readonly OwnerHistory[] {
  return ownersOf(ticker, listed, changes).map((owner) => {
    const names = namesOf(owner, changes).map((name) =>
      name.ticker === ticker && name.start === owner.start ? owner : { ...name, name: owner.name },
    );
    return { owner, names: names.length === 0 ? [owner] : names };
  });
}
