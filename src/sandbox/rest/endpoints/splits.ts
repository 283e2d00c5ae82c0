/** Splits of both generations: the same records with the same ids. */

import type { SplitRecord, SplitRecords } from '#sandbox/market/actions/split-records.js';
import { dayOfNumber } from '#sandbox/market/day-number.js';
import { hexId } from '#sandbox/market/reference/identifiers.js';
import { jsonObject, plain, withExponent } from '../json-number.js';
import type { RestMarket } from '../rest-market.js';
import type { Column, Narrowed, Table } from '../table.js';
import { listingsNamed } from './listings-named.js';

export interface ListedSplits {
  readonly market: RestMarket;
  readonly splits: SplitRecords;
}

export function splitsV1({ market, splits }: ListedSplits): Table<SplitRecord> {
  const factors = new Map<SplitRecord, number>();
  return {
    generation: 'v1',
    columns: { ...COLUMNS, adjustment_type: { kind: 'text', of: typeOf } },
    ...{ windowColumn: 'execution_date', tickerColumn: 'ticker' },
    sort: [{ column: 'execution_date', descending: true }],
    limit: { usual: 100, most: 5000 },
    rows(narrowed) {
      factors.clear();
      return rowsOf({ market, splits }, narrowed, (record, factor) => factors.set(record, factor));
    },
    json: (record) =>
      jsonObject({
        ...{ id: plain(idOf(record)), ticker: plain(record.listing.ticker) },
        execution_date: plain(dayOfNumber(record.day)),
        ...{ split_from: withExponent(record.before), split_to: withExponent(record.after) },
        adjustment_type: plain(typeOf(record)),
        historical_adjustment_factor: String(Number((factors.get(record) ?? 1).toFixed(6))),
      }),
  };
}

export function splitsV3(listed: ListedSplits): Table<SplitRecord> {
  return {
    generation: 'old',
    columns: COLUMNS,
    ...{ windowColumn: 'execution_date', tickerColumn: 'ticker' },
    sort: [{ column: 'execution_date', descending: true }],
    limit: { usual: 10, most: 1000 },
    rows: (narrowed) => rowsOf(listed, narrowed, () => undefined),
    json: (record) =>
      jsonObject({
        execution_date: plain(dayOfNumber(record.day)),
        id: plain(idOf(record)),
        ...{ split_from: withExponent(record.before), split_to: withExponent(record.after) },
        ticker: plain(record.listing.ticker),
      }),
  };
}

const COLUMNS: Readonly<Record<string, Column<SplitRecord>>> = {
  execution_date: { kind: 'day', of: (record) => record.day },
  ticker: { kind: 'text', of: (record) => record.listing.ticker },
};

function rowsOf(
  { market, splits }: ListedSplits,
  { tickers, window }: Narrowed,
  note: (record: SplitRecord, factor: number) => void,
): readonly SplitRecord[] {
  const today = market.today();
  return listingsNamed(market, tickers).flatMap((listing) => {
    const records = splits.of(listing, today);
    let factor = 1;
    for (const record of [...records].reverse()) {
      // Announced ones do not touch what lies before them until their day has come.
      if (record.day <= today) factor *= record.before / record.after;
      note(record, record.day <= today ? factor : record.before / record.after);
    }
    return records.filter(({ day }) => day >= window.from && day <= window.to);
  });
}

function idOf({ listing, number }: SplitRecord): string {
  return `E${hexId(listing.security.seed, number)}`;
}

/** Up to a quarter of new shares is a dividend in shares. */
function typeOf({ after, before }: SplitRecord): string {
  if (after < before) return 'reverse_split';
  return after / before < 1.25 ? 'stock_dividend' : 'forward_split';
}
