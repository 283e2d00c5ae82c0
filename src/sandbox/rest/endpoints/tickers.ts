/**
 * The list of tickers: those that are listed, those that are not any more (a set apart, in which a ticker can
 * stand several times), or those of a past day, under the names that they had then.
 */

import { isIsoDay } from '#market/calendar/iso-day.js';
import { type DayNumber, dayOfNumber, numberOfDay } from '#sandbox/market/day-number.js';
import { mix32 } from '#sandbox/market/hash.js';
import { cusipOf } from '#sandbox/market/reference/identifiers.js';
import { otcListings } from '#sandbox/market/reference/otc.js';
import { isListed, type Listing } from '#sandbox/market/reference/securities.js';
import { listOf } from '../find.js';
import { jsonObject, plain } from '../json-number.js';
import { QueryError } from '../query-error.js';
import type { RestMarket } from '../rest-market.js';
import type { Column, List } from '../table.js';

/** The vendor's list of what is listed has been seen with a ticker twice. */
const TWICE = 'PRN';

/** A listing as a list of some day shows it. */
export interface TickerRow {
  readonly listing: Listing;
  readonly market: 'stocks' | 'otc';
  readonly active: boolean;
}

export function tickerList(market: RestMarket, version: () => number): List {
  const otc = otcListings(market.universe);
  const limit = { usual: 100, most: 1000 };
  // One for each day and set that is asked for: which rows there are is a parameter, not a filter.
  const lists = new Map<string, List>();
  let listsVersion = Number.NaN;
  return {
    limit,
    find(parameters) {
      if (listsVersion !== version()) lists.clear();
      listsVersion = version();
      const day = dayOf(parameters.get('date')) ?? market.today();
      const active = parameters.get('active') !== 'false';
      const search = parameters.get('search') ?? '';
      const key = `${day} ${active} ${search}`;
      let list = lists.get(key);
      if (list === undefined) {
        const all = [
          ...market.securities.listings.map((listing) => ({ listing, market: 'stocks' as const })),
          ...otc.map((listing) => ({ listing, market: 'otc' as const })),
        ];
        const rows = all
          .filter(({ listing }) => (active ? isListed(listing, day) : hasEnded(listing, day)))
          .map((row): TickerRow => ({ ...row, active }))
          .flatMap((row) => (row.listing.ticker === TWICE ? [row, row] : [row]));
        list = listOf<TickerRow>(
          {
            generation: 'old',
            columns: COLUMNS,
            sort: [{ column: 'ticker', descending: false }],
            limit,
            rows: () => found(rows, search),
            json: (row) => jsonObject(tickerFields(row, market.today())),
          },
          version,
        );
        lists.set(key, list);
      }
      return list.find(parameters);
    },
  };
}

const COLUMNS: Readonly<Record<string, Column<TickerRow>>> = {
  ticker: { kind: 'text', of: ({ listing }) => listing.ticker },
  name: { kind: 'text', of: ({ listing }) => listing.security.name },
  type: { kind: 'text', of: ({ listing }) => listing.security.type },
  market: { kind: 'text', of: (row) => row.market },
  exchange: { kind: 'text', of: ({ listing }) => listing.security.exchange },
  primary_exchange: { kind: 'text', of: ({ listing }) => listing.security.exchange },
  cik: { kind: 'text', of: ({ listing }) => listing.security.issuer.cik },
  // It can be asked for, and is in no answer.
  cusip: { kind: 'text', of: ({ listing }) => cusipOf(listing.security.seed) },
  composite_figi: { kind: 'text', of: ({ listing }) => listing.security.compositeFigi },
  share_class_figi: { kind: 'text', of: ({ listing }) => listing.security.shareClassFigi },
};

export function tickerFields(
  { listing, market, active }: TickerRow,
  today: DayNumber,
): Record<string, string | undefined> {
  const { security, ticker, last } = listing;
  const hash = mix32(security.seed ^ 0x7ec) >>> 0;
  // Funds mostly have no CIK here, and one in thirty of the others lacks a FIGI.
  const cik = security.type === 'ETF' && hash % 3 === 0 ? undefined : security.issuer.cik;
  const figi = hash % 30 !== 7 || security.listings.length > 1;
  return {
    ticker: plain(ticker),
    name: JSON.stringify(security.name),
    market: plain(market),
    locale: plain('us'),
    primary_exchange: market === 'otc' ? undefined : plain(security.exchange),
    type: plain(security.type),
    active: String(active),
    currency_name: plain('usd'),
    cik: plain(cik),
    composite_figi: figi ? plain(security.compositeFigi) : undefined,
    share_class_figi: figi ? plain(security.shareClassFigi) : undefined,
    delisted_utc: active || last === undefined ? undefined : plain(`${dayOfNumber(last + 1)}T04:00:00Z`),
    last_updated_utc: plain(
      `${dayOfNumber(today)}T06:0${hash % 10}:${10 + (hash % 50)}.${nanoseconds(hash)}Z`,
    ),
  };
}

/** Nine digits. */
function nanoseconds(hash: number): string {
  return String(hash % 1_000_000_000).padStart(9, '0');
}

function hasEnded({ last }: Listing, day: DayNumber): boolean {
  return last !== undefined && last < day;
}

function found(rows: readonly TickerRow[], search: string): readonly TickerRow[] {
  if (search === '') return rows;
  const wanted = search.toLowerCase();
  return rows.filter(
    ({ listing }) =>
      listing.ticker.toLowerCase().includes(wanted) || listing.security.name.toLowerCase().includes(wanted),
  );
}

export function dayOf(text: string | null): DayNumber | undefined {
  if (text === null || text === '') return undefined;
  if (!isIsoDay(text)) throw new QueryError(`Invalid date ${JSON.stringify(text)}.`);
  return numberOfDay(text);
}
