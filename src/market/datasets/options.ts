/**
 * US options (OPRA). A series file is of an underlying: a contract lives for months, and there are hundreds
 * of thousands.
 */
import { nyse } from '#market/calendar/nyse.js';
import { manyBarLimits, NEW_YORK, NEW_YORK_MOMENTS, nextMorning, tickLimits } from './common.js';
import type { Dataset } from './dataset.js';

const options = {
  firstDay: '2014-06-02',
  calendar: nyse,
  publication: nextMorning,
  records: 'bars',
  untracked: 'ask',
} as const;

const underlying = { prefix: 'O:', of: 'underlying', timeZone: NEW_YORK } as const;
const moments = { ...underlying, ...NEW_YORK_MOMENTS, time: 'moment' } as const;

/** Sizes: 364,000 rows, 4 MB compressed a day. */
export const optionsDaily: Dataset = {
  ...options,
  ...manyBarLimits,
  name: 'options_daily',
  title: 'US options, a bar a contract and day',
  prefix: 'us_options_opra/day_aggs_v1',
  typicalObjectBytes: 4_000_000,
  folder: 'options_daily',
  seriesFolder: 'options_daily',
  series: { ...underlying, suffix: '_1d_data.csv', time: 'day', values: 'bar' },
};

/** Sizes: 24 to 29 MB compressed a day. */
export const optionsMinute: Dataset = {
  ...options,
  ...manyBarLimits,
  name: 'options_minute',
  title: 'US options, a bar a contract and minute',
  prefix: 'us_options_opra/minute_aggs_v1',
  typicalObjectBytes: 27_000_000,
  folder: 'options_minute',
  seriesFolder: 'options_minute',
  series: { ...moments, suffix: '_1m_data.csv', values: 'bar' },
};

const ticks = { ...options, ...tickLimits, records: 'ticks' } as const;

/** Sizes: 62 to 78 MB compressed a day. */
export const optionsTrades: Dataset = {
  ...ticks,
  name: 'options_trades',
  title: 'US options, every trade',
  prefix: 'us_options_opra/trades_v1',
  typicalObjectBytes: 70_000_000,
  folder: 'options_trades',
  seriesFolder: 'options_trades',
  series: {
    ...moments,
    suffix: '_trades_data.csv',
    values: [
      'conditions',
      'correction',
      'exchange',
      'price',
      'sip_timestamp',
      'size',
      // In the vendor's samples, and not in every file.
      'participant_timestamp',
    ],
  },
};

/** Sizes: over 100 GB compressed a day. */
export const optionsQuotes: Dataset = {
  ...ticks,
  firstDay: '2022-03-07',
  name: 'options_quotes',
  title: 'US options, every quote',
  prefix: 'us_options_opra/quotes_v1',
  typicalObjectBytes: 100_000_000_000,
  folder: 'options_quotes',
  seriesFolder: 'options_quotes',
  series: {
    ...moments,
    suffix: '_quotes_data.csv',
    values: [
      'ask_exchange',
      'ask_price',
      'ask_size',
      'bid_exchange',
      'bid_price',
      'bid_size',
      'sequence_number',
      'sip_timestamp',
    ],
  },
};
