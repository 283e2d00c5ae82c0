/**
 * The vendor's own ratios: of the last session only, without a history, over statements that count from their
 * period's end, filed or not. Fractions, and CIKs without the zeros before them.
 */
import type { DividendRecords } from '#sandbox/market/actions/dividend-records.js';
import { type DayNumber, dayOfNumber, sessionBefore } from '#sandbox/market/day-number.js';
import { exp2 } from '#sandbox/market/exp2.js';
import { isListed, type Listing } from '#sandbox/market/reference/securities.js';
import { isEquity } from '#sandbox/market/reference/security-types.js';
import type { Books } from '#sandbox/market/statements/books.js';
import { jsonObject, plain, withExponent } from '../json-number.js';
import type { RestMarket } from '../rest-market.js';
import type { Column, Table } from '../table.js';
import { listingsNamed } from './listings-named.js';

interface RatioRow {
  readonly listing: Listing;
  readonly values: Readonly<Record<string, number | undefined>>;
}

const NAMES = [
  ...['price', 'average_volume', 'market_cap', 'earnings_per_share', 'price_to_earnings', 'price_to_book'],
  ...[
    'price_to_sales',
    'price_to_cash_flow',
    'price_to_free_cash_flow',
    'dividend_yield',
    'return_on_assets',
  ],
  ...['return_on_equity', 'debt_to_equity', 'current', 'quick', 'cash', 'ev_to_sales', 'ev_to_ebitda'],
  ...['enterprise_value', 'free_cash_flow'],
];

export function vendorRatios(
  market: RestMarket,
  books: () => Books,
  dividends: DividendRecords,
): Table<RatioRow> {
  const columns: Record<string, Column<RatioRow>> = {
    ticker: { kind: 'text', of: ({ listing }) => listing.ticker },
    cik: { kind: 'text', of: ({ listing }) => cikOf(listing) },
  };
  for (const name of NAMES) columns[name] = { kind: 'number', of: ({ values }) => values[name] };
  return {
    generation: 'v1',
    columns,
    tickerColumn: 'ticker',
    sort: [{ column: 'ticker', descending: false }],
    limit: { usual: 100, most: 50_000 },
    rows({ tickers }) {
      const day = sessionBefore(market.today());
      return listingsNamed(market, tickers).flatMap((listing) => {
        const values =
          isEquity(listing.security.type) && isListed(listing, day) ? valuesOf(listing, day) : undefined;
        return values === undefined ? [] : [{ listing, values }];
      });
    },
    json({ listing, values }) {
      const fields: Record<string, string | undefined> = {
        ...{ ticker: plain(listing.ticker), date: plain(dayOfNumber(sessionBefore(market.today()))) },
        cik: plain(cikOf(listing)),
      };
      for (const name of NAMES) {
        const value = values[name];
        if (value !== undefined) fields[name] = withExponent(value);
      }
      return jsonObject(fields);
    },
  };

  function valuesOf(listing: Listing, day: DayNumber): RatioRow['values'] | undefined {
    const reporter = books().reporterOf(listing.security.issuer);
    const price = market.closes(listing.row).before(day + 1);
    if (reporter === undefined || price === undefined) return undefined;
    const { balances, year } = books().newest(reporter, day);
    const cap = price * books().sharesAt(reporter, day);
    const debt = balances.longDebt + (balances.shortDebt ?? 0);
    const enterprise = cap + debt - balances.cash;
    const freeCash = year.fromOperations + year.capex;
    const earnings = year.common / year.dilutedShares;
    const paid = dividends.of(listing, market.today()).filter(({ ex }) => ex > day - 365 && ex <= day);
    const current = balances.currentLiabilities;
    const of = (value: number | undefined, by: number | undefined) =>
      value === undefined || by === undefined || by === 0 ? undefined : Number((value / by).toFixed(4));
    const positive = (value: number, by: number) => (by > 0 ? of(value, by) : undefined);
    return {
      price,
      average_volume: Math.round(exp2(market.universe.volumeLog[listing.row] ?? 0)),
      market_cap: Math.round(cap * 1000),
      earnings_per_share: Number(earnings.toFixed(2)),
      price_to_earnings: positive(price, earnings),
      price_to_book: of(cap, balances.parentEquity),
      price_to_sales: of(cap, year.revenue),
      price_to_cash_flow: positive(cap, year.fromOperations),
      price_to_free_cash_flow: positive(cap, freeCash),
      dividend_yield:
        paid.length === 0
          ? undefined
          : of(
              paid.reduce((sum, { cash }) => sum + cash, 0),
              price,
            ),
      return_on_assets: of(year.net, balances.assets),
      return_on_equity: of(year.common, balances.parentEquity),
      debt_to_equity: of(debt, balances.equity),
      current: of(balances.currentAssets, current),
      quick: of(
        balances.currentAssets === undefined
          ? undefined
          : balances.currentAssets - (balances.inventories ?? 0),
        current,
      ),
      cash: of(balances.cash, current),
      ev_to_sales: of(enterprise, year.revenue),
      ev_to_ebitda: of(enterprise, year.ebitda),
      enterprise_value: Math.round(enterprise * 1000),
      free_cash_flow: freeCash * 1000,
    };
  }
}

function cikOf({ security }: Listing): string {
  return security.issuer.cik.replace(/^0+/, '');
}
