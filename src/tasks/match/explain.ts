/**
 * One instrument looked up as a run would, with every name that was tried: as the lists have it, or where
 * they do not, as it was typed.
 */
import { buildIndex } from '#market/instruments/archive-index.js';
import { parseSymbol } from '#market/instruments/broker-symbol.js';
import type { Instrument } from '#market/instruments/instrument.js';
import { type Explained, explainMatch } from '#market/instruments/match.js';
import { venueOfSuffix } from '#market/instruments/venues.js';
import { parseList } from '#vendors/broker/parse-list.js';
import { indexEntries } from '#vendors/stooq/index-entries.js';
import { lookAtInputs } from './inputs.js';
import type { MatchPlaces } from './request.js';

export interface Explanation extends Explained {
  readonly instrument: Instrument;
  /** Paths of what was matched. */
  readonly paths: readonly string[];
}

/** `wanted`: `AAPL`, `AAPL:US`, `EXM:BRU`. Throws MatchInputError, or the disk's error. */
export async function explainInstrument(
  places: MatchPlaces,
  wanted: string,
): Promise<readonly Explanation[]> {
  const { tree, lists, aliases } = await lookAtInputs(places);
  const index = buildIndex(indexEntries(tree));
  const all = lists.flatMap(({ name, bytes }) => parseList(name, bytes).instruments);
  const listed = instrumentsNamed(wanted, all);
  return (listed.length > 0 ? listed : [typed(wanted)]).map((instrument) => {
    const explained = explainMatch(instrument, { index, aliases });
    const ticker = explained.match.kind === 'matched' ? explained.match.ticker : '';
    return {
      ...explained,
      instrument,
      paths: (index.ticker(ticker)?.entries ?? []).map(({ path }) => path),
    };
  });
}

/**
 * By the whole symbol; by symbol and market; by what is left of the symbol without its venue. The first of
 * these that finds any.
 */
function instrumentsNamed(wanted: string, all: readonly Instrument[]): readonly Instrument[] {
  const text = wanted.trim().toUpperCase();
  const colon = text.lastIndexOf(':');
  const [symbol, market] = [text.slice(0, Math.max(0, colon)), text.slice(colon + 1)];
  const ways: readonly ((instrument: Instrument) => boolean)[] = [
    (one) => one.symbol.toUpperCase() === text,
    (one) => one.symbol.toUpperCase() === symbol && one.market.toUpperCase() === market,
    (one) => colon < 0 && parseSymbol(one).root.toUpperCase() === text,
  ];
  for (const way of ways) {
    const found = all.filter(way);
    if (found.length > 0) return found;
  }
  return [];
}

function typed(wanted: string): Instrument {
  const colon = wanted.lastIndexOf(':');
  const behind = wanted.slice(colon + 1).trim();
  const isMarket = colon > 0 && venueOfSuffix(behind.toUpperCase(), '') === undefined;
  return {
    symbol: isMarket ? wanted.slice(0, colon) : wanted,
    market: isMarket ? behind : '',
    isin: '',
    name: '',
    currency: '',
    sourceFile: '',
  };
}
