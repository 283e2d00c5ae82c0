/** The newest ratios of some tickers, computed when they are asked for; nothing is written. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { ratioColumns, ratioRowsSql } from '#market/ratios/ratio-rows.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { type Duck, listOf } from '#store/lake/duckdb.js';
import { openCloses } from './closes.js';
import { prepareRows } from './compute.js';

export const BASES = ['quarterly', 'annual', 'ttm'] as const;
export type Basis = (typeof BASES)[number];

export interface NewestWish {
  readonly layout: FolderLayout;
  readonly tickers: readonly string[];
  readonly bases: readonly Basis[];
  /** Undefined: now. */
  readonly asOf: IsoDay | undefined;
  readonly signal: AbortSignal;
}

/** Days are text, a ratio is a number or null. */
export type RatioRow = Readonly<Record<string, string | number | null>>;

/** Of each ticker and basis the row of the newest period that was known, in the order of the tickers. */
export async function newestRatios(
  { layout, tickers, bases, asOf, signal }: NewestWish,
  duck: Duck,
): Promise<readonly RatioRow[]> {
  await prepareRows({ layout, asOf, tickers }, duck, signal);
  const wanted = `list_contains(${listOf(bases)}, r.basis) AND list_contains(${listOf(tickers)}, tr.ticker)`;
  await duck.run(
    'CREATE OR REPLACE TEMP TABLE newest AS SELECT r.id, tr.ticker, tr.day FROM statement_rows r JOIN ticker_rows tr USING (id) ' +
      `WHERE ${wanted} QUALIFY row_number() OVER (PARTITION BY tr.ticker, r.basis ORDER BY r.period_end DESC, r.known_on DESC) = 1`,
  );
  const [span] = await duck.rows('SELECT min(day)::VARCHAR AS first, max(day)::VARCHAR AS last FROM newest');
  if (span === undefined || span['first'] === null) return [];
  const closes = await openCloses(layout, async () => duck);
  const select = closes.select(String(span['first']), String(span['last']), tickers);
  const rows = await duck.rows(
    `SELECT * REPLACE (period_end::VARCHAR AS period_end, filing_date::VARCHAR AS filing_date) FROM (${ratioRowsSql(`${wanted} AND r.id IN (SELECT id FROM newest n WHERE n.ticker = tr.ticker)`, select)})`,
  );
  const order = new Map(tickers.map((ticker, i) => [ticker, i]));
  const place = (row: RatioRow): number =>
    (order.get(String(row['ticker'])) ?? 0) * BASES.length + BASES.indexOf(row['basis'] as Basis);
  return rows
    .map((row) => Object.fromEntries(ratioColumns.map(([name]) => [name, cell(row[name])])))
    .sort((a, b) => place(a) - place(b));
}

/** A ratio is said with 12 digits: the thirteenth of a quotient says nothing. */
function cell(value: unknown): string | number | null {
  if (typeof value === 'number') return Number(value.toPrecision(12));
  return value === null || value === undefined ? null : String(value);
}
