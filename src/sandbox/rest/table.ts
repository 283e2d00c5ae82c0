/**
 * What a list endpoint is made of: rows, of which the columns that can be filtered and sorted are known to
 * the server, and a function that writes one as JSON. Rows may be numbers, so that a million of them is
 * cheap; they are written only when they stand on a page.
 */
import type { DayNumber } from '#sandbox/market/day-number.js';

/** Days are day numbers, instants ms since the epoch, both undefined where the record has none. */
export type Column<R> =
  | { readonly kind: 'text'; of(row: R): string | undefined }
  | { readonly kind: 'number' | 'day' | 'instant'; of(row: R): number | undefined }
  | { readonly kind: 'list'; of(row: R): readonly string[] };

/** Days from `from` to `to`, both included. */
export interface DayWindow {
  readonly from: DayNumber;
  readonly to: DayNumber;
}

/** What a query leaves of a table, as far as the table can make use of it; rows outside do no harm. */
export interface Narrowed {
  readonly window: DayWindow;
  /** All where absent. */
  readonly tickers?: readonly string[] | undefined;
}

/** v1: `sort=a.asc,b.desc` and `limit` up to 50,000. old: `sort=a&order=desc`. */
export type Generation = 'v1' | 'old';

export interface Table<R> {
  readonly generation: Generation;
  readonly columns: Readonly<Record<string, Column<R>>>;
  /** The column, of days or instants, that `Narrowed.window` is about. */
  readonly windowColumn?: string;
  /** The column that `Narrowed.tickers` is about. */
  readonly tickerColumn?: string;
  readonly sort: readonly SortKey[];
  /** The largest limit is allowed; the one after it is not. */
  readonly limit: { readonly usual: number; readonly most: number };
  rows(narrowed: Narrowed): readonly R[] | Int32Array;
  json(row: R): string;
}

export interface SortKey {
  readonly column: string;
  readonly descending: boolean;
}

/** A page's rows, each as JSON, out of all that the query finds. */
export interface Found {
  readonly count: number;
  page(from: number, to: number): readonly string[];
}

/** A table behind a door that does not show its rows' type. Finding throws QueryError. */
export interface List {
  readonly limit: { readonly usual: number; readonly most: number };
  find(parameters: URLSearchParams): Found;
}
