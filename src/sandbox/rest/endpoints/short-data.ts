/** Short interest, short volume and free float. */
import { type DayNumber, dayOfNumber, lastOfMonth } from '#sandbox/market/day-number.js';
import { mix32 } from '#sandbox/market/hash.js';
import { isListed, type Listing } from '#sandbox/market/reference/securities.js';
import { isEquity } from '#sandbox/market/reference/security-types.js';
import {
  settlementDates,
  shortInterest,
  shortVolume,
  trades,
  volumeDates,
} from '#sandbox/market/shorts/short-data.js';
import type { Books } from '#sandbox/market/statements/books.js';
import { jsonObject, plain, withExponent } from '../json-number.js';
import type { RestMarket } from '../rest-market.js';
import type { Column, Narrowed, Table } from '../table.js';
import { listingsNamed } from './listings-named.js';

/** The listing's place times a power of two, and the day. */
const DAY_BITS = 2 ** 16;

export function shortInterestTable(market: RestMarket): Table<number> {
  const { universe } = market;
  const of = rowReader(market);
  const figures = (row: number) => shortInterest(universe, of.listing(row), of.day(row), market.today());
  return {
    generation: 'v1',
    columns: {
      ticker: of.ticker,
      settlement_date: { kind: 'day', of: of.day },
      days_to_cover: { kind: 'number', of: (row) => figures(row).daysToCover },
      avg_daily_volume: { kind: 'number', of: (row) => figures(row).averageVolume },
    },
    ...{ windowColumn: 'settlement_date', tickerColumn: 'ticker' },
    sort: [{ column: 'ticker', descending: false }],
    limit: { usual: 10, most: 50_000 },
    rows: (narrowed) =>
      rowsOn(market, narrowed, settlementDates(narrowed.window, market.today()), () => true),
    json(row) {
      const { shares, averageVolume, daysToCover } = figures(row);
      return jsonObject({
        settlement_date: plain(dayOfNumber(of.day(row))),
        ticker: plain(of.listing(row).ticker),
        short_interest: withExponent(shares),
        avg_daily_volume: String(averageVolume),
        days_to_cover: String(daysToCover),
      });
    },
  };
}

export function shortVolumeTable(market: RestMarket): Table<number> {
  const { universe } = market;
  const of = rowReader(market);
  const figures = (row: number) => shortVolume(universe, of.listing(row), of.day(row));
  const ratio = (row: number) => {
    const { short, total } = figures(row);
    return Number(((100 * short) / total).toFixed(2));
  };
  return {
    generation: 'v1',
    columns: {
      ticker: of.ticker,
      date: { kind: 'day', of: of.day },
      short_volume_ratio: { kind: 'number', of: ratio },
    },
    ...{ windowColumn: 'date', tickerColumn: 'ticker' },
    sort: [{ column: 'ticker', descending: false }],
    limit: { usual: 10, most: 50_000 },
    rows: (narrowed) =>
      rowsOn(market, narrowed, volumeDates(narrowed.window, market.today()), (listing, day) =>
        trades(universe, listing, day),
      ),
    json(row) {
      const { total, short, exempt, byFacility } = figures(row);
      const fields: Record<string, string | undefined> = {
        ...{ ticker: plain(of.listing(row).ticker), date: plain(dayOfNumber(of.day(row))) },
        ...{ total_volume: String(total), short_volume: String(short), exempt_volume: String(exempt) },
        ...{ non_exempt_volume: String(short - exempt), short_volume_ratio: String(ratio(row)) },
      };
      FACILITIES.forEach((name, place) => {
        const part = byFacility[place];
        fields[`${name}_short_volume`] = part?.short.toString();
        fields[`${name}_short_volume_exempt`] = part?.exempt.toString();
      });
      return jsonObject(fields);
    },
  };
}

const FACILITIES = ['nyse', 'nasdaq_carteret', 'nasdaq_chicago', 'adf'];

interface RowReader {
  listing(row: number): Listing;
  day(row: number): DayNumber;
  readonly ticker: Column<number>;
}

function rowReader({ securities }: RestMarket): RowReader {
  const listing = (row: number): Listing => {
    const found = securities.listings[Math.floor(row / DAY_BITS)];
    if (found === undefined) throw new RangeError(`no listing of row ${row}`);
    return found;
  };
  return {
    listing,
    day: (row) => row % DAY_BITS,
    ticker: { kind: 'text', of: (row) => listing(row).ticker },
  };
}

/** By ticker, then by day. */
function rowsOn(
  market: RestMarket,
  { tickers }: Narrowed,
  days: readonly DayNumber[],
  reports: (listing: Listing, day: DayNumber) => boolean,
): readonly number[] {
  const places = new Map(market.securities.listings.map((listing, place) => [listing, place]));
  const rows: number[] = [];
  for (const listing of listingsNamed(market, tickers)) {
    const place = places.get(listing) ?? 0;
    for (const day of days)
      if (isListed(listing, day) && reports(listing, day)) rows.push(place * DAY_BITS + day);
  }
  return rows;
}

/** Of shares that are listed now, as of a day a few weeks back. */
export function freeFloat(market: RestMarket, books: () => Books): Table<Listing> {
  const percentOf = ({ security }: Listing) =>
    Number((40 + ((mix32(security.seed) >>> 0) % 5990) / 100).toFixed(2));
  return {
    generation: 'v1',
    columns: {
      ticker: { kind: 'text', of: ({ ticker }) => ticker },
      free_float_percent: { kind: 'number', of: percentOf },
    },
    tickerColumn: 'ticker',
    sort: [{ column: 'ticker', descending: false }],
    limit: { usual: 100, most: 5000 },
    rows: ({ tickers }) =>
      listingsNamed(market, tickers).filter(
        (one) => isEquity(one.security.type) && isListed(one, market.today()),
      ),
    json(listing) {
      const today = market.today();
      const reporter = books().reporterOf(listing.security.issuer);
      const month = dayOfNumber(today - 10);
      const effective = lastOfMonth(Number(month.slice(0, 4)), Number(month.slice(5, 7)) - 1);
      const shares = reporter === undefined ? 0 : books().sharesAt(reporter, effective) * 1000;
      return jsonObject({
        effective_date: plain(dayOfNumber(effective)),
        free_float: withExponent(Math.round((shares * percentOf(listing)) / 100)),
        free_float_percent: String(percentOf(listing)),
        ticker: plain(listing.ticker),
      });
    },
  };
}
