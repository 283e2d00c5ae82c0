/**
 * Corporate actions. Cash and ratios are exact; the vendor's factors are rounded to six decimals, and move with
 * every later dividend and split, as the amount on today's share basis does.
 */
import { columns, required } from './fields.js';
import { dividendsV3, splitsV3 } from './older-actions.js';
import { ENDPOINT } from './older-endpoint.js';
import type { TableType } from './table-type.js';

/** Declared future dividends are in it too. A record may vanish, or change under its id. */
export const dividends: TableType = {
  name: 'dividends',
  title: 'dividends',
  short: 'Dividends',
  path: '/stocks/v1/dividends',
  fields: [
    required('text', 'id'),
    ...columns('text', 'ticker'),
    ...columns('date', 'ex_dividend_date declaration_date record_date pay_date'),
    ...columns('decimal', 'cash_amount'),
    ...columns('text', 'currency'),
    ...columns('decimal', 'split_adjusted_cash_amount'),
    ...columns('integer', 'frequency'),
    ...columns('text', 'distribution_type'),
    ...columns('number', 'historical_adjustment_factor'),
    ENDPOINT,
  ],
  key: ['id'],
  date: { column: 'ex_dividend_date' },
  moving: ['historical_adjustment_factor', 'split_adjusted_cash_amount', ENDPOINT.name],
  ticker: 'ticker',
  windows: {
    kind: 'dated',
    column: 'ex_dividend_date',
    span: 'year',
    first: '2003-01-01',
    back: 30,
    aYear: 35_000,
    weekly: true,
  },
  pageSize: 5_000,
  sort: { sort: 'ex_dividend_date.asc' },
  byTicker: { parameter: 'ticker.any_of', group: 100 },
  older: dividendsV3,
};

/** `split_from` old shares become `split_to` new ones overnight: the execution date already trades split. */
export const splits: TableType = {
  name: 'splits',
  title: 'splits',
  short: 'Splits',
  path: '/stocks/v1/splits',
  fields: [
    required('text', 'id'),
    ...columns('text', 'ticker'),
    ...columns('date', 'execution_date'),
    ...columns('decimal', 'split_from split_to'),
    ...columns('text', 'adjustment_type'),
    ...columns('number', 'historical_adjustment_factor'),
    ENDPOINT,
  ],
  key: ['id'],
  date: { column: 'execution_date' },
  moving: ['historical_adjustment_factor', ENDPOINT.name],
  ticker: 'ticker',
  windows: {
    kind: 'dated',
    column: 'execution_date',
    span: 'year',
    first: '2018-01-01',
    back: 30,
    aYear: 1_500,
    weekly: true,
  },
  pageSize: 5_000,
  sort: { sort: 'execution_date.asc' },
  byTicker: { parameter: 'ticker.any_of', group: 100 },
  older: splitsV3,
};

/**
 * Changes of tickers: no listings and no delistings, whatever its name says. A ticker means who has it now.
 */
export const tickerEvents: TableType = {
  name: 'ticker_events',
  title: 'ticker changes',
  short: 'Events',
  path: '/vX/reference/tickers/{ticker}/events',
  fields: [
    ...columns('text', 'asked name composite_figi cik'),
    required('date', 'date'),
    required('text', 'type'),
    ...columns('text', 'ticker'),
  ],
  key: ['asked', 'date', 'ticker'],
  date: { column: 'date' },
  moving: ['name'],
  ticker: 'asked',
  windows: { kind: 'tickers' },
  shape: 'events',
};
