/**
 * Names that became others. Whole names only: what merely looks alike (`COM` and `QCOM`) is another company.
 * A name that is in the archive itself needs no alias and gets none.
 */
import { type Venue, venueOfMarket, venueOfSuffix } from './venues.js';

export interface Alias {
  /** Upper case. */
  readonly from: string;
  /** Undefined: on whatever market. */
  readonly venue: Venue | undefined;
  /** A base (`META`) or a whole ticker of the archive (`META.US`), upper case. */
  readonly to: string;
  /** The first day of the new name, ISO; '' where nobody said. */
  readonly since: string;
}

/**
 * First trading days under the new symbol, as far as they are known; a day too early or late changes nothing
 * but the report.
 */
const RENAMED: readonly (readonly [from: string, to: string, since: string])[] = [
  ['FB', 'META', '2022-06-09'],
  ['BRKS', 'AZTA', '2021-12-01'],
  ['PKI', 'RVTY', '2023-05-16'],
  ['FISV', 'FI', '2023-06-07'],
  ['FBHS', 'FBIN', '2022-12-15'],
  ['NRZ', 'RITM', '2022-08-02'],
  ['DWAV', 'QBTS', '2022-08-08'],
];

const american = venueOfSuffix('US', '');

export const BUILT_IN_ALIASES: readonly Alias[] = RENAMED.map(([from, to, since]) => ({
  from,
  to,
  since,
  venue: american,
}));

/**
 * The cells of a line `from,market,to` with, if there is one, a day behind. A text is what is wrong with it.
 */
export function parseAlias(cells: readonly string[]): Alias | string {
  const [from = '', market = '', to = '', since = ''] = cells.map((cell) => cell.trim());
  if (from === '' || to === '') return 'lacks a name: from,market,to is wanted';
  const venue = venueOfMarket(market, '') ?? venueOfSuffix(market.toUpperCase(), '');
  if (market !== '' && venue === undefined) return `names a market that is not known, ${market}`;
  return { from: from.toUpperCase(), venue, to: to.toUpperCase(), since };
}

/** Those of a name on a venue, in the order in which they are tried. */
export function aliasesOf(
  base: string,
  venue: Venue | undefined,
  aliases: readonly Alias[],
): readonly Alias[] {
  return aliases.filter(
    (alias) =>
      alias.from === base && (alias.venue === undefined || venue === undefined || alias.venue === venue),
  );
}
