/** Who and what there is: snapshots, whose past is what was kept of it. */
import { columns, required } from './fields.js';
import type { TableType } from './table-type.js';

/**
 * Listed and delisted names are separate lists; in that of the delisted one ticker occurs as often as it was
 * used.
 */
export const tickers: TableType = {
  name: 'tickers',
  title: 'tickers',
  short: 'Tickers',
  path: '/v3/reference/tickers',
  fields: [
    required('text', 'ticker'),
    ...columns('text', 'name market locale'),
    ...columns('boolean', 'active'),
    ...columns(
      'text',
      `type primary_exchange currency_name currency_symbol base_currency_name base_currency_symbol cik
      composite_figi share_class_figi`,
    ),
    ...columns('instant', 'delisted_utc last_updated_utc'),
  ],
  key: ['ticker', 'market', 'active', 'delisted_utc', 'share_class_figi'],
  moving: ['last_updated_utc'],
  ticker: 'ticker',
  windows: {
    kind: 'lists',
    lists: [
      {
        name: 'stocks',
        query: { market: 'stocks', active: 'true' },
        about: 12_000,
        everyDays: 1,
        holdsAll: "active AND market = 'stocks'",
      },
      {
        name: 'delisted',
        query: { market: 'stocks', active: 'false' },
        about: 25_000,
        everyDays: 7,
        holdsAll: "NOT active AND market = 'stocks'",
      },
      {
        name: 'otc',
        query: { market: 'otc', active: 'true' },
        about: 15_000,
        everyDays: 7,
        holdsAll: "active AND market = 'otc'",
      },
    ],
  },
  pageSize: 1_000,
  sort: { sort: 'ticker', order: 'asc' },
};

/** Only of tickers that are active. */
export const tickerDetails: TableType = {
  name: 'ticker_details',
  title: 'ticker details',
  short: 'Details',
  path: '/v3/reference/tickers/{ticker}',
  fields: [
    required('text', 'ticker'),
    ...columns('text', 'name market locale'),
    ...columns('boolean', 'active'),
    ...columns(
      'text',
      `type primary_exchange currency_name currency_symbol base_currency_name base_currency_symbol cik
      composite_figi share_class_figi ticker_root ticker_suffix description homepage_url phone_number
      sic_code sic_description`,
    ),
    ...columns('date', 'list_date'),
    ...columns('instant', 'delisted_utc last_updated_utc'),
    ...columns(
      'number',
      'market_cap share_class_shares_outstanding weighted_shares_outstanding total_employees',
    ),
    ...columns('integer', 'round_lot'),
    ...columns('json', 'address branding'),
  ],
  key: ['ticker'],
  moving: ['last_updated_utc', 'market_cap'],
  ticker: 'ticker',
  windows: { kind: 'tickers', everyDays: 30 },
  shape: 'details',
};

/** By news and returns, the closest first; changes without notice. */
export const relatedTickers: TableType = {
  name: 'related_tickers',
  title: 'related companies',
  short: 'Related',
  path: '/v1/related-companies/{ticker}',
  fields: [required('text', 'ticker'), required('text', 'related'), required('integer', 'rank')],
  key: ['ticker', 'related'],
  moving: [],
  ticker: 'ticker',
  windows: { kind: 'tickers', everyDays: 30 },
  shape: 'related',
};

const ALL = { name: 'all', query: {}, everyDays: 7, holdsAll: 'true' } as const;

export const exchanges: TableType = {
  name: 'exchanges',
  title: 'exchanges',
  short: 'Exchanges',
  path: '/v3/reference/exchanges',
  fields: [
    required('integer', 'id'),
    ...columns('text', 'type name acronym mic operating_mic participant_id url asset_class locale'),
  ],
  key: ['id', 'asset_class', 'locale'],
  moving: [],
  windows: { kind: 'lists', lists: [ALL] },
};

export const conditions: TableType = {
  name: 'conditions',
  title: 'conditions of trades and quotes',
  short: 'Conditions',
  path: '/v3/reference/conditions',
  fields: [
    required('integer', 'id'),
    ...columns('text', 'type name abbreviation description asset_class'),
    ...columns('texts', 'data_types'),
    ...columns('integer', 'exchange'),
    ...columns('boolean', 'legacy'),
    ...columns('json', 'sip_mapping update_rules'),
  ],
  key: ['asset_class', 'type', 'id'],
  moving: [],
  windows: { kind: 'lists', lists: [ALL] },
  pageSize: 1_000,
};

export const tickerTypes: TableType = {
  name: 'ticker_types',
  title: 'types of tickers',
  short: 'Types',
  path: '/v3/reference/tickers/types',
  fields: [required('text', 'code'), ...columns('text', 'description asset_class locale')],
  key: ['code', 'asset_class', 'locale'],
  moving: [],
  windows: { kind: 'lists', lists: [ALL] },
};

/** Days to come only: a day that has passed leaves the list and stays in the table. */
export const holidays: TableType = {
  name: 'holidays',
  title: 'market holidays',
  short: 'Holidays',
  path: '/v1/marketstatus/upcoming',
  fields: [
    required('date', 'date'),
    required('text', 'exchange'),
    ...columns('text', 'name status'),
    ...columns('instant', 'open close'),
  ],
  key: ['date', 'exchange'],
  date: { column: 'date' },
  moving: [],
  windows: { kind: 'lists', lists: [{ name: 'upcoming', query: {}, everyDays: 7 }] },
  shape: 'bare',
};

/** The newest only: its history is what is kept. */
export const float: TableType = {
  name: 'float',
  title: 'free float',
  short: 'Float',
  path: '/stocks/vX/float',
  fields: [
    required('text', 'ticker'),
    ...columns('number', 'free_float free_float_percent'),
    ...columns('date', 'effective_date'),
  ],
  key: ['ticker', 'effective_date'],
  date: { column: 'effective_date' },
  moving: [],
  ticker: 'ticker',
  windows: { kind: 'lists', lists: [{ name: 'latest', query: {}, about: 12_000, everyDays: 7 }] },
  pageSize: 5_000,
  byTicker: { parameter: 'ticker', group: 1 },
};

/**
 * A record goes from rumour or pending over new to history, or is postponed or withdrawn; its ticker and days
 * change on the way. It has no id, and may have no listing date.
 */
export const ipos: TableType = {
  name: 'ipos',
  title: 'initial public offerings',
  short: 'IPOs',
  path: '/v1/reference/ipos',
  fields: [
    ...columns('text', 'ticker issuer_name isin us_code security_type security_description'),
    ...columns('text', 'primary_exchange currency_code ipo_status'),
    ...columns('date', 'announced_date listing_date issue_start_date issue_end_date last_updated'),
    ...columns(
      'number',
      `final_issue_price lowest_offer_price highest_offer_price min_shares_offered max_shares_offered
      lot_size shares_outstanding total_offer_size`,
    ),
    // Made here: isin, else us_code, else the issuer's name with the day it was announced.
    required('text', 'ipo_key'),
  ],
  key: ['ipo_key'],
  date: { column: 'listing_date' },
  moving: ['last_updated'],
  ticker: 'ticker',
  windows: {
    kind: 'lists',
    lists: [
      { ...ALL, about: 8_000, query: { sort: 'listing_date', order: 'desc' } },
      {
        name: 'recent',
        query: { sort: 'listing_date', order: 'desc' },
        everyDays: 1,
        since: { parameter: 'listing_date.gte', days: -60 },
      },
      { name: 'open', query: { 'ipo_status.any_of': 'rumor,pending,postponed' }, everyDays: 1 },
    ],
  },
  pageSize: 1_000,
  byTicker: { parameter: 'ticker', group: 1 },
};
