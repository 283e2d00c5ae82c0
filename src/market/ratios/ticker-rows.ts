/**
 * What a row has by ticker, as SQL: its dividends, the splits since the year before, and the price of its
 * day. A company with several classes of shares has a row for each; one without a ticker, one without.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { bucketOf } from './temporary-tables.js';

/** Over which days the list of dividends is whole, and of whom. */
export interface DividendsReach {
  readonly from: IsoDay;
  readonly to: IsoDay;
  /** Undefined: of all. */
  readonly tickers?: readonly string[];
}

/** SELECTs; undefined where there is nothing of the kind. */
export interface TickerSources {
  /** ticker, day (ex-date), cash (DECIMAL), known_on. */
  readonly dividends?: string | undefined;
  /** A period in it without a dividend has paid nothing; outside of it nobody knows. */
  readonly dividendsReach?: DividendsReach | undefined;
  /** ticker, day (execution), ratio (new shares for an old one). */
  readonly splits?: string | undefined;
}

/** Leaves `ticker_rows` (id, ticker, dps, share_change) of `statement_rows` and `row_links`. */
export function tickerRowsSql(sources: TickerSources): readonly string[] {
  const { dividends, splits, dividendsReach: reach } = sources;
  const whose =
    reach?.tickers === undefined
      ? ''
      : ` AND r.ticker IN (${reach.tickers.map((ticker) => `'${ticker.replaceAll("'", "''")}'`).join(', ')})`;
  const within =
    reach === undefined
      ? 'false'
      : `r.starts >= DATE '${reach.from}' AND r.period_end <= DATE '${reach.to}'${whose}`;
  return [
    `CREATE OR REPLACE TEMP TABLE share_counts AS SELECT ticker, day, product(ratio) OVER (PARTITION BY ticker ORDER BY day) AS shares ` +
      `FROM (SELECT ticker, day, product(ratio) AS ratio FROM (${splits ?? NO_SPLITS}) WHERE ratio > 0 GROUP BY ticker, day)`,
    'CREATE OR REPLACE TEMP TABLE row_tickers AS ' +
      'SELECT id, cik, basis, period_end, known_on, coalesce(filing_date, known_on) AS day, ' +
      'unnest(CASE WHEN len(tickers) > 0 THEN list_distinct(tickers) ELSE [NULL] END) AS ticker FROM statement_rows',
    // The period begins behind the end of the one before it.
    'CREATE OR REPLACE TEMP TABLE dividend_rows AS ' +
      "SELECT t.id, t.ticker, t.known_on, t.day, t.period_end, coalesce(s.period_end, t.period_end - CASE t.basis WHEN 'quarterly' THEN 91 ELSE 365 END) AS starts, coalesce(c.shares, 1) AS shares " +
      'FROM row_tickers t JOIN row_links l USING (id) LEFT JOIN statement_rows s ON s.id = l.start_id ' +
      'ASOF LEFT JOIN share_counts c ON c.ticker = t.ticker AND t.day >= c.day WHERE t.ticker IS NOT NULL',
    'CREATE OR REPLACE TEMP TABLE paid AS ' +
      `WITH d AS (SELECT v.*, coalesce(c.shares, 1) AS shares, ${bucketOf('v.day')} AS bucket FROM (${dividends ?? NO_DIVIDENDS}) v ` +
      'ASOF LEFT JOIN share_counts c ON c.ticker = v.ticker AND v.day >= c.day) ' +
      'SELECT r.id, r.ticker, sum(d.cash * d.shares / r.shares ORDER BY d.day) AS cash ' +
      `FROM (SELECT *, unnest(range(${bucketOf('starts')}, ${bucketOf('period_end')} + 1)) AS bucket FROM dividend_rows) r ` +
      'JOIN d ON d.ticker = r.ticker AND d.bucket = r.bucket AND d.day > r.starts AND d.day <= r.period_end AND d.known_on <= r.known_on ' +
      'GROUP BY r.id, r.ticker',
    'CREATE OR REPLACE TEMP TABLE ticker_rows AS ' +
      'SELECT t.id, t.ticker, t.day, ' +
      `CASE WHEN ${within} THEN coalesce(paid.cash, 0e0) END AS dps, ` +
      'coalesce(now.shares, 1) / coalesce(before.shares, 1) AS share_change ' +
      'FROM row_tickers t LEFT JOIN dividend_rows r ON r.id = t.id AND r.ticker = t.ticker ' +
      'LEFT JOIN paid ON paid.id = t.id AND paid.ticker = t.ticker ' +
      'LEFT JOIN row_links l ON l.id = t.id LEFT JOIN statement_rows y ON y.id = l.year_id ' +
      'ASOF LEFT JOIN share_counts now ON now.ticker = t.ticker AND t.day >= now.day ' +
      'ASOF LEFT JOIN share_counts before ON before.ticker = t.ticker AND coalesce(y.filing_date, y.known_on, t.day) >= before.day',
  ];
}

const NO_SPLITS = 'SELECT NULL::VARCHAR AS ticker, NULL::DATE AS day, 1e0 AS ratio WHERE false';
const NO_DIVIDENDS =
  'SELECT NULL::VARCHAR AS ticker, NULL::DATE AS day, 0e0 AS cash, NULL::DATE AS known_on WHERE false';
