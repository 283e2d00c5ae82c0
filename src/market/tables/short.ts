/**
 * FINRA's short data. Counts of shares are doubles: volumes have come in fractions of shares elsewhere in the
 * vendor's data.
 */
import { columns, required } from './fields.js';
import type { TableType } from './table-type.js';

/** Twice a month, published seven or eight business days later; past cycles are revised. */
export const shortInterest: TableType = {
  name: 'short_interest',
  title: 'short interest',
  short: 'ShortInterest',
  path: '/stocks/v1/short-interest',
  fields: [
    ...columns('text', 'ticker'),
    required('date', 'settlement_date'),
    ...columns('number', 'short_interest avg_daily_volume days_to_cover'),
  ],
  key: ['ticker', 'settlement_date'],
  date: { column: 'settlement_date' },
  moving: [],
  ticker: 'ticker',
  windows: {
    kind: 'dated',
    column: 'settlement_date',
    span: 'year',
    first: '2017-01-01',
    back: 45,
    aYear: 430_000,
  },
  pageSize: 20_000,
  sort: { sort: 'settlement_date.asc' },
  byTicker: { parameter: 'ticker', group: 1 },
};

/** What was reported off exchange, not the whole market's volume. `short_volume_ratio` is in percent. */
export const shortVolume: TableType = {
  name: 'short_volume',
  title: 'short volume',
  short: 'ShortVolume',
  path: '/stocks/v1/short-volume',
  fields: [
    ...columns('text', 'ticker'),
    required('date', 'date'),
    ...columns(
      'number',
      `total_volume short_volume exempt_volume non_exempt_volume short_volume_ratio nyse_short_volume
      nyse_short_volume_exempt nasdaq_carteret_short_volume nasdaq_carteret_short_volume_exempt
      nasdaq_chicago_short_volume nasdaq_chicago_short_volume_exempt adf_short_volume
      adf_short_volume_exempt`,
    ),
  ],
  key: ['ticker', 'date'],
  date: { column: 'date' },
  moving: [],
  ticker: 'ticker',
  windows: { kind: 'dated', column: 'date', span: 'month', first: '2018-01-01', back: 7, aYear: 3_300_000 },
  pageSize: 20_000,
  sort: { sort: 'date.asc' },
  byTicker: { parameter: 'ticker', group: 1 },
};
