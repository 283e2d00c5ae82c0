/** Initial public offerings, under both paths; only the newer one sorts by `last_updated`. */
import { type DayNumber, dayOfNumber } from '#sandbox/market/day-number.js';
import { type Offering, offeringsOn } from '#sandbox/market/reference/offerings.js';
import { jsonObject, plain, withExponent } from '../json-number.js';
import type { RestMarket } from '../rest-market.js';
import type { Column, Table } from '../table.js';

/** Names of another country than the listing's. */
const FOREIGN = new Set(['ADRC', 'OS']);

export function ipos(market: RestMarket, generation: 'v1' | 'vX'): Table<Offering> {
  const updated: Readonly<Record<string, Column<Offering>>> =
    generation === 'vX' ? { last_updated: { kind: 'day', of: (offering) => offering.updated } } : {};
  return {
    generation: 'old',
    columns: { ...COLUMNS, ...updated },
    sort: [{ column: 'listing_date', descending: true }],
    limit: { usual: 10, most: 1000 },
    rows: () => offeringsOn(market.securities, market.today()),
    json: (offering) => jsonObject(fieldsOf(market, offering)),
  };
}

const COLUMNS: Readonly<Record<string, Column<Offering>>> = {
  ticker: { kind: 'text', of: ({ ticker }) => ticker },
  us_code: { kind: 'text', of: ({ code }) => code },
  isin: { kind: 'text', of: isinOf },
  listing_date: { kind: 'day', of: ({ listing }) => listing },
  ipo_status: { kind: 'text', of: ({ status }) => status },
  issuer_name: { kind: 'text', of: ({ issuer }) => issuer },
};

function isinOf({ code, hash, security }: Offering): string | undefined {
  if (code === undefined) return undefined;
  return `${FOREIGN.has(security.type) ? 'KY' : 'US'}${code}${hash % 10}`;
}

function fieldsOf(market: RestMarket, offering: Offering): Record<string, string | undefined> {
  const { security, hash, issuer, ticker, code, announced, listing, status } = offering;
  // The schema has whole numbers for days, and samples texts.
  const dayText = (day: DayNumber | undefined) =>
    day === undefined
      ? undefined
      : hash % 17 === 0
        ? dayOfNumber(day).replaceAll('-', '')
        : plain(dayOfNumber(day));
  const listed = status === 'history' || status === 'new' || status === 'direct_listing_process';
  const first = security.listings[0];
  const close = listed && first !== undefined ? market.closes(first.row).on(first.first) : undefined;
  const final = close === undefined ? undefined : Math.max(0.01, Math.round(close * 0.9 * 100) / 100);
  const shares = 1_000_000 * (1 + (hash % 60));
  return {
    ticker: plain(ticker) ?? (hash % 2 === 0 ? 'null' : undefined),
    issuer_name: JSON.stringify(issuer),
    ...{ us_code: plain(code), isin: plain(isinOf(offering)) },
    ...{
      security_type: plain(security.type),
      security_description: plain(`${security.type}, par value $0.001`),
    },
    ...{ primary_exchange: plain(security.exchange), currency_code: plain('USD') },
    ...{
      announced_date: dayText(announced),
      listing_date: dayText(listing),
      last_updated: dayText(offering.updated),
    },
    ...{
      issue_start_date: dayText(announced),
      issue_end_date: hash % 3 === 0 ? undefined : dayText(listing),
    },
    ipo_status: plain(status),
    final_issue_price: final?.toString(),
    lowest_offer_price: final === undefined ? '14' : String(Math.round(final * 90) / 100),
    highest_offer_price: final === undefined ? '16.5' : String(Math.round(final * 110) / 100),
    ...{
      min_shares_offered: withExponent(shares),
      max_shares_offered: withExponent(shares),
      lot_size: '100',
    },
    shares_outstanding: hash % 4 === 0 ? undefined : withExponent(shares * 5),
    total_offer_size: final === undefined ? undefined : withExponent(Math.round(final * shares)),
  };
}
