/** Every table there is, by name, and the words that mean several. */
import { dividends, splits, tickerEvents } from './actions.js';
import { news } from './news.js';
import {
  conditions,
  exchanges,
  float,
  holidays,
  ipos,
  relatedTickers,
  tickerDetails,
  tickers,
  tickerTypes,
} from './reference.js';
import { shortInterest, shortVolume } from './short.js';
import { balanceSheets, cashFlow, incomeStatements, vendorRatios } from './statements.js';
import type { TableType } from './table-type.js';

/** In the order in which they are fetched: the tickers first, since others go over them. */
export const TABLES: ReadonlyMap<string, TableType> = new Map(
  [
    tickers,
    balanceSheets,
    incomeStatements,
    cashFlow,
    vendorRatios,
    dividends,
    splits,
    float,
    ipos,
    exchanges,
    conditions,
    tickerTypes,
    holidays,
    shortInterest,
    shortVolume,
    news,
    tickerEvents,
    tickerDetails,
    relatedTickers,
  ].map((type) => [type.name, type]),
);

const GROUPS: Readonly<Record<string, readonly TableType[]>> = {
  fundamentals: [balanceSheets, incomeStatements, cashFlow, vendorRatios],
  actions: [dividends, splits, tickerEvents],
  reference: [
    tickers,
    float,
    ipos,
    exchanges,
    conditions,
    tickerTypes,
    holidays,
    tickerDetails,
    relatedTickers,
  ],
  news: [news],
  short: [shortInterest, shortVolume],
};

export const GROUP_NAMES: readonly string[] = [...Object.keys(GROUPS), 'all'];

/** Older programs asked for the vendor's ratios under the name of those that are computed now. */
const ALIASES: Readonly<Record<string, string>> = { financial_ratios: 'vendor_ratios' };

/**
 * The types that a word means, in the order of TABLES; undefined for a word that means none. `all` has short
 * data only where that is wished for, as the document of the older program has it.
 */
export function typesNamed(
  word: string,
  { short }: { readonly short: boolean },
): readonly TableType[] | undefined {
  const name = word.toLowerCase().replaceAll('-', '_');
  if (name === 'all')
    return [...TABLES.values()].filter((type) => short || GROUPS['short']?.includes(type) !== true);
  const group = GROUPS[name];
  if (group !== undefined) return [...TABLES.values()].filter((type) => group.includes(type));
  const type = TABLES.get(ALIASES[name] ?? name);
  return type === undefined ? undefined : [type];
}
