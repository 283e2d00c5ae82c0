/** Of all tickers and changes those that speak of one ticker: of many, each is looked up and not searched. */
import { companyOf, type ListedTicker, type TickerChange } from './owners.js';

export interface KnownOfTicker {
  readonly listed: readonly ListedTicker[];
  /** Of every company that ever had it, all of them. */
  readonly changes: readonly TickerChange[];
}

/** Each in the order in which they came. */
export function knownByTicker({ listed, changes }: KnownOfTicker): (ticker: string) => KnownOfTicker {
  const lines = grouped(listed, ({ ticker }) => ticker);
  const ofTicker = grouped(changes, ({ ticker }) => ticker);
  const ofCompany = grouped(changes, companyOf);
  return (ticker) => ({
    listed: lines.get(ticker) ?? [],
    changes: [...new Set((ofTicker.get(ticker) ?? []).map(companyOf))].flatMap(
      (company) => ofCompany.get(company) ?? [],
    ),
  });
}

function grouped<T>(all: readonly T[], by: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(by(one));
    if (group === undefined) groups.set(by(one), [one]);
    else group.push(one);
  }
  return groups;
}
