/** Dividends of both generations. The older one has other names for the kinds, and no factors. */
import type { DividendRecord, DividendRecords } from '#sandbox/market/actions/dividend-records.js';
import { fundDividends } from '#sandbox/market/actions/fund-dividends.js';
import { type DayNumber, dayOfNumber, sessionFrom } from '#sandbox/market/day-number.js';
import { hexId } from '#sandbox/market/reference/identifiers.js';
import { otcListings } from '#sandbox/market/reference/otc.js';
import type { RestMarket } from '../rest-market.js';
import type { Column, Narrowed, Table } from '../table.js';
import { listingsNamed } from './listings-named.js';

export interface ListedDividends {
  readonly market: RestMarket;
  readonly dividends: DividendRecords;
}

/** From here on a share trades without its dividend on the day on which its holders are noted. */
const SAME_DAY_RECORD = 19_871;

export function dividendsV1(listed: ListedDividends): Table<DividendRecord> {
  return {
    generation: 'v1',
    columns: {
      ticker: COLUMNS.ticker,
      ex_dividend_date: COLUMNS.ex_dividend_date,
      frequency: COLUMNS.frequency,
      distribution_type: { kind: 'text', of: (record) => record.type },
    },
    ...{ windowColumn: 'ex_dividend_date', tickerColumn: 'ticker' },
    sort: [{ column: 'ticker', descending: false }],
    limit: { usual: 100, most: 5000 },
    rows: (narrowed) => rowsOf(listed, narrowed),
    json: (record) =>
      `{"id":"${idOf(record)}","ticker":"${record.listing.ticker}"${datesOf(record)}` +
      `,"cash_amount":${record.cash},"currency":"${record.currency}"` +
      `,"split_adjusted_cash_amount":${sixDecimals(record.adjustedCash)},"frequency":${record.frequency}` +
      `,"distribution_type":"${record.type}","historical_adjustment_factor":${sixDecimals(record.factor)}}`,
  };
}

/** With those of funds that no exchange lists. */
export function dividendsV3(listed: ListedDividends): Table<DividendRecord> {
  const unlisted = otcListings(listed.market.universe);
  return {
    generation: 'old',
    columns: COLUMNS,
    ...{ windowColumn: 'ex_dividend_date', tickerColumn: 'ticker' },
    sort: [{ column: 'ex_dividend_date', descending: true }],
    limit: { usual: 10, most: 1000 },
    rows: (narrowed) => [...rowsOf(listed, narrowed), ...fundDividends(unlisted, listed.market.today())],
    json: (record) =>
      `{"cash_amount":${record.cash},"currency":"${record.currency}"${datesOf(record)}` +
      `,"dividend_type":"${oldType(record)}","frequency":${record.frequency}` +
      `,"id":"${idOf(record)}","ticker":"${record.listing.ticker}"}`,
  };
}

const COLUMNS = {
  ticker: { kind: 'text', of: (record) => record.listing.ticker },
  ex_dividend_date: { kind: 'day', of: (record) => record.ex },
  record_date: { kind: 'day', of: recordDate },
  declaration_date: { kind: 'day', of: declarationDate },
  pay_date: { kind: 'day', of: payDate },
  cash_amount: { kind: 'number', of: (record) => record.cash },
  frequency: { kind: 'number', of: (record) => record.frequency },
  dividend_type: { kind: 'text', of: oldType },
} as const satisfies Readonly<Record<string, Column<DividendRecord>>>;

function rowsOf(
  { market, dividends }: ListedDividends,
  { tickers, window }: Narrowed,
): readonly DividendRecord[] {
  const today = market.today();
  return listingsNamed(market, tickers).flatMap((listing) =>
    dividends.of(listing, today).filter(({ ex }) => ex >= window.from && ex <= window.to),
  );
}

/** Of two numbers: a market has so many that some share a hash. */
function idOf({ hash, listing, ex }: DividendRecord): string {
  return `E${hexId(hash, listing.security.seed + ex)}`;
}

function oldType({ type }: DividendRecord): string {
  return type === 'special' ? 'SC' : 'CD';
}

function datesOf(record: DividendRecord): string {
  const [declared, paid, noted] = [declarationDate(record), payDate(record), recordDate(record)];
  return (
    (declared === undefined ? '' : `,"declaration_date":"${dayOfNumber(declared)}"`) +
    `,"ex_dividend_date":"${dayOfNumber(record.ex)}"` +
    (paid === undefined ? noPayDate(record) : `,"pay_date":"${dayOfNumber(paid)}"`) +
    (noted === undefined ? '' : `,"record_date":"${dayOfNumber(noted)}"`)
  );
}

/** Some that have none say so. */
function noPayDate({ hash }: DividendRecord): string {
  return hash % 2 === 0 ? ',"pay_date":null' : '';
}

function sixDecimals(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

function declarationDate({ declared, hash }: DividendRecord): DayNumber | undefined {
  return hash % 19 === 0 ? undefined : declared;
}

function payDate({ ex, hash }: DividendRecord): DayNumber | undefined {
  return hash % 37 < 2 ? undefined : sessionFrom(ex + 10 + (hash % 25));
}

function recordDate({ ex, hash }: DividendRecord): DayNumber | undefined {
  if (hash % 41 === 0) return undefined;
  return ex >= SAME_DAY_RECORD ? ex : sessionFrom(ex + 1);
}
