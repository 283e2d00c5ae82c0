/**
 * Who stands behind the tickers of the synthetic market: a security is what a FIGI names (its names in turn,
 * when a company was renamed), an issuer what a CIK does (its share classes, preferred shares and warrants).
 * A ticker that was handed on belongs to two securities, with a gap between.
 */
import { type DayNumber, numberOfDay, numberOfWeekday } from '#sandbox/market/day-number.js';
import { RENAMES } from '#sandbox/market/former-names.js';
import { GOLDEN, hashStream, hashText, mix32 } from '#sandbox/market/hash.js';
import { KNOWN_SYMBOLS } from '#sandbox/market/known-symbols.js';
import { laterNames } from '#sandbox/market/later-names.js';
import { FOREVER, type Universe } from '#sandbox/market/universe.js';
import { cikText, figiOf } from './identifiers.js';
import { companyWords, knownName, securityName } from './names.js';
import { isEquity, type SecurityType, securityType } from './security-types.js';

/** A name that a security had. */
export interface Listing {
  /** In the universe. */
  readonly row: number;
  readonly ticker: string;
  readonly first: DayNumber;
  /** The last day it is listed; undefined while it goes on. */
  readonly last: DayNumber | undefined;
  readonly security: Security;
}

export interface Security {
  readonly seed: number;
  readonly type: SecurityType;
  readonly name: string;
  readonly compositeFigi: string;
  readonly shareClassFigi: string;
  /** MIC. */
  readonly exchange: string;
  readonly issuer: Issuer;
  /** In the order of time. */
  readonly listings: Listing[];
}

export interface Issuer {
  readonly cik: string;
  readonly name: string;
  readonly seed: number;
  readonly securities: Security[];
}

export interface Securities {
  /** By ticker bytes, then by time. */
  readonly listings: readonly Listing[];
  readonly issuers: readonly Issuer[];
  /** Every listing that had the ticker, in the order of time. */
  of(ticker: string): readonly Listing[];
  /** The listing that has the ticker on a day. */
  on(ticker: string, day: DayNumber): Listing | undefined;
  byFigi(figi: string): Security | undefined;
}

/** Two classes of one company whose tickers do not show it. */
const SAME_ISSUER: Readonly<Record<string, string>> = { GOOGL: 'GOOG' };
/** FB's second owner. */
const FUND_OF_AN_OLD_NAME = { ticker: 'FB', from: numberOfDay('2025-06-26') };
const KNOWN_TICKERS = new Set(KNOWN_SYMBOLS.map((one) => one.ticker));
const KNOWN_CIKS: Readonly<Record<string, number>> = {
  AAPL: 320193,
  MSFT: 789019,
  NVDA: 1045810,
  AMZN: 1018724,
  GOOG: 1652044,
  FB: 1326801,
  TSLA: 1318605,
  'BRK.A': 1067983,
};
/** New York, Nasdaq, Arca, NYSE American, Cboe BZX; most on the first two. */
const EXCHANGES = ['XNYS', 'XNAS', 'XNAS', 'XNYS', 'XNAS', 'XASE', 'XNAS', 'BATS'];

export function isListed({ first, last }: Listing, day: DayNumber): boolean {
  return first <= day && (last === undefined || last >= day);
}

export function createSecurities(universe: Universe): Securities {
  const listings: Listing[] = [];
  const issuers: Issuer[] = [];
  const byTicker = new Map<string, Listing[]>();
  const byFigi = new Map<string, Security>();
  const ciks = new Set<number>(Object.values(KNOWN_CIKS));
  const laterRows = laterNames(universe);
  /** By the row of their later name. */
  const named = new Map<number, Security>();
  const renamedTo = new Map(
    RENAMES.map(({ before, after, day }) => [`${after} ${numberOfDay(day)}`, before]),
  );

  function newIssuer(ticker: string, first: boolean, seed: number): Issuer {
    let cik = first ? KNOWN_CIKS[ticker] : undefined;
    if (cik === undefined) {
      // Of seven and eight digits, so that zeros stand before them.
      cik = 1_000_000 + ((mix32(seed ^ 0xc1c) >>> 0) % 90_000_000);
      while (ciks.has(cik)) cik += 1;
      ciks.add(cik);
    }
    const name = (first ? knownName(ticker) : undefined) ?? companyWords(mix32(seed));
    const issuer = { cik: cikText(cik), name, seed, securities: [] };
    issuers.push(issuer);
    return issuer;
  }

  function addListing(row: number): void {
    const ticker = universe.tickers[row] ?? '';
    const seed = universe.seed[row] ?? 0;
    const type = typeOf(universe, row);
    if (type === undefined) return;
    const first = firstDay(universe, row);
    const to = universe.to[row] ?? FOREVER;
    const last = to >= FOREVER ? undefined : numberOfWeekday(to);
    const before = renamedTo.get(`${ticker} ${first}`);
    const predecessor = byTicker.get(before ?? '')?.find((one) => one.last === first - 1);
    const security = predecessor?.security ?? named.get(row) ?? newSecurity({ ticker, type, seed, first });
    const later = laterRows.get(row);
    if (later !== undefined) named.set(later, security);
    const listing: Listing = { row, ticker, first, last, security };
    security.listings.push(listing);
    listings.push(listing);
    byTicker.set(ticker, [...(byTicker.get(ticker) ?? []), listing]);
  }

  function newSecurity(of: {
    readonly ticker: string;
    readonly type: SecurityType;
    readonly seed: number;
    readonly first: DayNumber;
  }): Security {
    const { ticker, type, seed } = of;
    const own = mix32(hashText(ticker, seed) ^ GOLDEN);
    // A known name is that of the symbol's first owner.
    const original = !byTicker.has(ticker);
    const issuer = issuerOf(of) ?? newIssuer(ticker, original, own);
    const words = securityName(ticker, original, type, mix32(issuer.seed));
    const security: Security = {
      seed: own,
      type,
      name: words,
      compositeFigi: figiOf(own, 'composite'),
      shareClassFigi: figiOf(own + 1, 'shareClass'),
      exchange: type === 'ETF' ? 'ARCX' : (EXCHANGES[(own >>> 4) & 7] ?? 'XNYS'),
      issuer,
      listings: [],
    };
    issuer.securities.push(security);
    byFigi.set(security.compositeFigi, security);
    byFigi.set(security.shareClassFigi, security);
    return security;
  }

  /** That of the share whose root the ticker has, where it is listed at the same time. */
  function issuerOf(of: {
    readonly ticker: string;
    readonly type: SecurityType;
    readonly first: DayNumber;
  }): Issuer | undefined {
    const root = SAME_ISSUER[of.ticker] ?? rootOf(of.ticker, of.type);
    if (root === undefined) return undefined;
    return byTicker.get(root)?.find((one) => isEquity(one.security.type) && isListed(one, of.first))?.security
      .issuer;
  }

  // Ordinary shares first, so that what belongs to them finds them; an old name before the new one.
  const rows = Array.from({ length: universe.count }, (_, row) => ({
    ...{ row, first: firstDay(universe, row), rank: rankOf(universe, row) },
  }));
  rows.sort((a, b) => a.rank - b.rank || a.first - b.first || a.row - b.row);
  for (const { row } of rows) addListing(row);
  listings.sort((a, b) => a.row - b.row);

  return {
    listings,
    issuers,
    of: (ticker) => byTicker.get(ticker) ?? [],
    on: (ticker, day) => byTicker.get(ticker)?.find((one) => isListed(one, day)),
    byFigi: (figi) => byFigi.get(figi),
  };
}

function firstDay(universe: Universe, row: number): DayNumber {
  return numberOfWeekday(Math.max(0, universe.from[row] ?? 0));
}

function typeOf(universe: Universe, row: number): SecurityType | undefined {
  const ticker = universe.tickers[row] ?? '';
  if (ticker === FUND_OF_AN_OLD_NAME.ticker && firstDay(universe, row) >= FUND_OF_AN_OLD_NAME.from)
    return 'ETF';
  // The number by which the market chose how an invented listing moves; a known symbol is a share.
  const percent = KNOWN_TICKERS.has(ticker) ? 99 : hashStream(universe.seed[row] ?? 0)() % 100;
  return securityType(ticker, percent);
}

function rankOf(universe: Universe, row: number): number {
  const type = typeOf(universe, row);
  if (type === undefined || !isEquity(type)) return 2;
  return Object.hasOwn(SAME_ISSUER, universe.tickers[row] ?? '') || /\.B$/.test(universe.tickers[row] ?? '')
    ? 1
    : 0;
}

/** The ticker of the share that a class, preferred share, warrant, right or unit belongs to. */
function rootOf(ticker: string, type: SecurityType): string | undefined {
  if (type === 'CS' && ticker.endsWith('.B')) return ticker.replace(/\.B$/, '.A');
  if (isEquity(type) || type === 'ETF' || type === 'ETN' || type === 'FUND') return undefined;
  const root = /^[A-Z]+/.exec(ticker)?.[0];
  if (root === undefined) return undefined;
  return root.length === 5 ? root.slice(0, 4) : root;
}
