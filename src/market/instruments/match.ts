/**
 * Which of the archive's tickers an instrument is. A market that is known is never matched to another
 * market's ticker; one that is unknown only where a single ticker of all markets has the name, and that is
 * said. ISIN, name and currency decide nothing.
 */
import { type Alias, aliasesOf } from './aliases.js';
import type { ArchiveIndex, ArchiveTicker } from './archive-index.js';
import { parseSymbol } from './broker-symbol.js';
import type { Instrument } from './instrument.js';
import { type Reason, reasonFor } from './reasons.js';
import { type SpellingRule, spellingsOf } from './spellings.js';
import type { Venue } from './venues.js';

/**
 * A change of any rule of this folder that may change a match raises it: what was matched under another is
 * matched again.
 */
export const RULES_VERSION = 1;

/**
 * `ticker`: the symbol names its venue; `base_market`: the venue follows from the market; `unique_name`: the
 * market is unknown.
 */
export type Strategy = 'ticker' | 'base_market' | 'alias' | 'unique_name';

export type Confidence = 'high' | 'medium' | 'low';

export interface Matched {
  readonly kind: 'matched';
  readonly ticker: string;
  readonly strategy: Strategy;
  readonly by: SpellingRule | 'alias';
  readonly confidence: Confidence;
  /** `FB>META since 2022-06-09`. */
  readonly alias?: string;
}

export interface Unmatched {
  readonly kind: 'unmatched';
  readonly reason: Reason;
  /** Tickers of the same name elsewhere. */
  readonly near: readonly string[];
}

export type Match = Matched | Unmatched;

/** A name that was looked for, in the order of looking. */
export interface Tried {
  readonly by: SpellingRule | 'alias';
  /** `BRK-B.US`; `BRK-B.*` where every ending was looked for. */
  readonly name: string;
  /** What was there: none, one, or several of them. */
  readonly found: readonly string[];
}

export interface Explained {
  readonly match: Match;
  readonly venue: Venue | undefined;
  readonly tried: readonly Tried[];
}

export interface MatchContext {
  readonly index: ArchiveIndex;
  /** In the order in which they are tried: the user's own first. */
  readonly aliases: readonly Alias[];
}

export function matchInstrument(instrument: Instrument, context: MatchContext): Match {
  return explainMatch(instrument, context).match;
}

export function explainMatch(instrument: Instrument, { index, aliases }: MatchContext): Explained {
  const { root, venue, venueFrom } = parseSymbol(instrument);
  const tried: Tried[] = [];
  const matched =
    venue === undefined
      ? tryEverywhere(root, { index, aliases }, tried)
      : tryOnVenue(root, venue, { index, aliases }, tried);
  if (matched !== undefined) {
    const strategy =
      matched.by === 'alias' && venue !== undefined
        ? 'alias'
        : venueFrom === 'nothing'
          ? 'unique_name'
          : venueFrom === 'suffix'
            ? 'ticker'
            : 'base_market';
    return {
      match: { kind: 'matched', ...matched, strategy, confidence: confidenceOf(strategy, matched.by) },
      venue,
      tried,
    };
  }
  const near = [...new Set(baseNames(root).flatMap((base) => index.sharesNamed(base)))];
  const reason = reasonFor({ isNamed: root !== '', venue, near, extensions: index.extensions });
  return { match: { kind: 'unmatched', reason, near: near.map(({ ticker }) => ticker) }, venue, tried };
}

type Found = Pick<Matched, 'ticker' | 'by' | 'alias'>;

function tryOnVenue(
  root: string,
  venue: Venue,
  { index, aliases }: MatchContext,
  tried: Tried[],
): Found | undefined {
  for (const extension of venue.extensions)
    for (const { rule, base } of spellingsOf(root, extension)) {
      const share = index.share(base, extension);
      tried.push({
        by: rule,
        name: `${base}${extension}`,
        found: namesOf(share === undefined ? [] : [share]),
      });
      if (share !== undefined) return { ticker: share.ticker, by: rule };
    }
  for (const extension of venue.extensions)
    for (const alias of aliasesOf(root.toUpperCase(), venue, aliases)) {
      const share = index.share(alias.to, extension) ?? wholeTicker(alias, index);
      tried.push({
        by: 'alias',
        name: `${alias.to}${extension}`,
        found: namesOf(share === undefined ? [] : [share]),
      });
      if (share !== undefined) return { ticker: share.ticker, by: 'alias', alias: aliasText(alias) };
    }
  return undefined;
}

function tryEverywhere(root: string, { index, aliases }: MatchContext, tried: Tried[]): Found | undefined {
  for (const { rule, base } of spellingsOf(root, '')) {
    const shares = index.sharesNamed(base);
    tried.push({ by: rule, name: `${base}.*`, found: namesOf(shares) });
    if (shares.length > 1) return undefined;
    const [share] = shares;
    if (share !== undefined) return { ticker: share.ticker, by: rule };
  }
  for (const alias of aliasesOf(root.toUpperCase(), undefined, aliases)) {
    const ticker = wholeTicker(alias, index);
    const shares = ticker === undefined ? index.sharesNamed(alias.to) : [ticker];
    tried.push({ by: 'alias', name: alias.to, found: namesOf(shares) });
    const [share] = shares;
    if (share !== undefined && shares.length === 1)
      return { ticker: share.ticker, by: 'alias', alias: aliasText(alias) };
  }
  return undefined;
}

/** An alias that names a whole ticker asks for it, whatever it is: a coin's or an index's too. */
function wholeTicker({ to }: Alias, index: ArchiveIndex): ArchiveTicker | undefined {
  return index.ticker(to);
}

function aliasText({ from, to, since }: Alias): string {
  return `${from}>${to}${since === '' ? '' : ` since ${since}`}`;
}

function namesOf(tickers: readonly ArchiveTicker[]): readonly string[] {
  return tickers.map(({ ticker }) => ticker);
}

function baseNames(root: string): readonly string[] {
  return spellingsOf(root, '').map(({ base }) => base);
}

/**
 *   strategy \ by          exact    another spelling   alias
 *   ticker, base_market    high     medium
 *   alias                                              medium
 *   unique_name            low      low                low
 */
function confidenceOf(strategy: Strategy, by: Matched['by']): Confidence {
  if (strategy === 'unique_name') return 'low';
  return by === 'exact' ? 'high' : 'medium';
}
