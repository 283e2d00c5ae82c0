/**
 * The archive's tickers, to be looked up by name: all of them by their whole name, and the shares by the part
 * before the ending too.
 */
import type { IndexEntry } from './instrument.js';

export interface ArchiveTicker {
  readonly ticker: string;
  readonly base: string;
  /** `.US`; '' where the name has none. In Poland none means `.PL`. */
  readonly extension: string;
  readonly region: string;
  /**
   * Whether a broker's instrument may be matched to it without being asked to: no world, no macro, no bars of
   * minutes or hours.
   */
  readonly isShare: boolean;
  /** More than one: the same ticker lies in several folders. */
  readonly entries: readonly IndexEntry[];
}

export interface ArchiveIndex {
  /** By ticker. */
  readonly shares: ReadonlyMap<string, ArchiveTicker>;
  /** Endings of which there is at least one share. */
  readonly extensions: ReadonlySet<string>;
  /** By its whole name, whatever it is; a share goes before what has its name elsewhere. */
  ticker(name: string): ArchiveTicker | undefined;
  /**
   * The share of that name and ending. Where Poland has a name both bare and with `.pl`, the bare one: the
   * home share.
   */
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
  const others: IndexEntry[] = [];
  const shares = new Map<string, Grouped>();
  const byBase = new Map<string, ArchiveTicker[]>();
  const extensions = new Set<string>();
  for (const entry of entries) {
    if (!isShareEntry(entry)) {
      others.push(entry);
      continue;
    }
    const known = shares.get(entry.ticker);
    if (known !== undefined) {
      known.entries.push(entry);
      continue;
    }
    const found = { ...nameOf(entry), isShare: true, entries: [entry] };
    shares.set(entry.ticker, found);
    extensions.add(found.extension);
    const named = byBase.get(found.base);
    if (named === undefined) byBase.set(found.base, [found]);
    else named.push(found);
  }
  const sharesNamed = (base: string): readonly ArchiveTicker[] => byBase.get(base) ?? [];
  return {
    shares,
    extensions,
    sharesNamed,
    ticker: (name) => shares.get(name) ?? otherTicker(name, others),
    share: (base, extension) => {
      const named = sharesNamed(base).filter((one) => one.extension === extension);
      return named.find(({ ticker }) => ticker === base) ?? named[0];
    },
  };
}

interface Grouped extends ArchiveTicker {
  readonly entries: IndexEntry[];
}

/** Asked for by few aliases: half of the archive is not worth a table. */
function otherTicker(name: string, others: readonly IndexEntry[]): ArchiveTicker | undefined {
  const entries = others.filter(({ ticker }) => ticker === name);
  const [first] = entries;
  return first === undefined ? undefined : { ...nameOf(first), isShare: false, entries };
}

function nameOf({
  ticker,
  region,
}: IndexEntry): Pick<ArchiveTicker, 'ticker' | 'base' | 'extension' | 'region'> {
  const dot = ticker.lastIndexOf('.');
  const base = dot > 0 ? ticker.slice(0, dot) : ticker;
  const extension = dot > 0 ? ticker.slice(dot) : region === 'pl' ? '.PL' : '';
  return { ticker, base, extension, region };
}
