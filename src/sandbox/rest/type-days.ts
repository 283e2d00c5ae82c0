/** The column by whose days a type is asked for in windows; a plan that reaches back so far is denied by it. */
import type { RestType } from './rest-types.js';

export const DAYS_OF_TYPE: Readonly<Partial<Record<RestType, string>>> = {
  balance_sheets: 'filing_date',
  income_statements: 'filing_date',
  cash_flow: 'filing_date',
  financials: 'filing_date',
  dividends: 'ex_dividend_date',
  dividends_v3: 'ex_dividend_date',
  splits: 'execution_date',
  splits_v3: 'execution_date',
  news: 'published_utc',
  short_interest: 'settlement_date',
  short_volume: 'date',
  ipos: 'listing_date',
  ipos_vx: 'listing_date',
};
