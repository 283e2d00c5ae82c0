/** The archive's tickers, to be looked up by name: all of them by their whole name, and the shares by the part before the ending too. */
import type { IndexEntry } from './instrument.js';

export interface ArchiveTicker {
  readonly ticker: string;
  readonly base: string;
  /** `.US`; '' where the name has none. In Poland none means `.PL`. */
  readonly extension: string;
  readonly region: string;
  /** Whether a broker's instrument may be matched to it without being asked to: no world, no macro, no bars of minutes or hours. */
  readonly isShare: boolean;
  /** More than one: the same ticker lies in several folders. */
  readonly entries: readonly IndexEntry[];
}

export interface ArchiveIndex {
  readonly tickers: ReadonlyMap<string, ArchiveTicker>;
  /** Endings of which there is at least one share. */
  readonly extensions: ReadonlySet<string>;
  /** The share of that name and ending. Where Poland has a name both bare and with `.pl`, the bare one: the home share. */
  share(base: string, extension: string): ArchiveTicker | undefined;
  /** All shares of that name, whatever their ending. */
  sharesNamed(base: string): readonly ArchiveTicker[];
}

const NO_SHARES: ReadonlySet<string> = new Set(['world', 'macro']);
/** Folders of bars that are no days'. */
const INTRADAY = /(?:^|\/)(?:5 ?min|hourly)(?:\/|$)/i;

export function isShareEntry({ region, path }: Pick<IndexEntry, 'region' | 'path'>): boolean {
  return !NO_SHARES.has(region) && !INTRADAY.test(path);
}

export function buildIndex(entries: readonly IndexEntry[]): ArchiveIndex {
  const grouped = new Map<string, IndexEntry[]>();
  for (const entry of entries) {
    const group = grouped.get(entry.ticker);
    if (group === undefined) grouped.set(entry.ticker, [entry]);
    else group.push(entry);
  }
  const tickers = new Map<string, ArchiveTicker>();
  const byBase = new Map<string, ArchiveTicker[]>();
  const extensions = new Set<string>();
  for (const [ticker, group] of grouped) {
    const found = tickerOf(ticker, group);
    tickers.set(ticker, found);
    if (!found.isShare) continue;
    extensions.add(found.extension);
    const named = byBase.get(found.base);
    if (named === undefined) byBase.set(found.base, [found]);
    else named.push(found);
  }
  const sharesNamed = (base: string): readonly ArchiveTicker[] => byBase.get(base) ?? [];
  return {
    tickers,
    extensions,
    sharesNamed,
    share: (base, extension) => {
      const named = sharesNamed(base).filter((one) => one.extension === extension);
      return named.find(({ ticker }) => ticker === base) ?? named[0];
    },
  };
}

/** Shares go before what has their name elsewhere. */
function tickerOf(ticker: string, group: readonly IndexEntry[]): ArchiveTicker {
  const shares = group.filter(isShareEntry);
  const entries = shares.length > 0 ? shares : group;
  const region = entries[0]?.region ?? '';
  const dot = ticker.lastIndexOf('.');
  const base = dot > 0 ? ticker.slice(0, dot) : ticker;
  const extension = dot > 0 ? ticker.slice(dot) : region === 'pl' ? '.PL' : '';
  return { ticker, base, extension, region, isShare: shares.length > 0, entries };
}
