/** US stocks, from the consolidated tape (SIP). */
import { nyse } from '#market/calendar/nyse.js';
import {
  dayBarLimits,
  manyBarLimits,
  minuteBarsOf,
  NEW_YORK_OVERNIGHT,
  nextMorning,
  tickLimits,
} from './common.js';
import type { Dataset } from './dataset.js';
import { dayBars } from './series-form.js';

const stocks = {
  firstDay: '2003-09-10',
  calendar: nyse,
  publication: nextMorning,
  records: 'bars',
  untracked: 'ask',
} as const;

/** Sizes: 11,000 to 12,100 rows, 0.2 to 0.32 MB compressed and 0.7 to 1 MB of text a day. */
export const stocksDaily: Dataset = {
  ...stocks,
  ...dayBarLimits,
  // Hundreds of days at a time are fetched, and read for one ticker.
  memberForm: { textBytes: 24 << 10, search: 'fields' },
  name: 'stocks_daily',
  title: 'US stocks, a bar a day',
  prefix: 'us_stocks_sip/day_aggs_v1',
  typicalObjectBytes: 300_000,
  folder: '',
  seriesFolder: '',
  series: dayBars,
};

/** Sizes: 1.83 million rows, 18 to 30 MB compressed and 137 MB of text a day. */
export const stocksMinute: Dataset = {
  ...stocks,
  ...manyBarLimits,
  name: 'stocks_minute',
  title: 'US stocks, a bar a minute',
  prefix: 'us_stocks_sip/minute_aggs_v1',
  typicalObjectBytes: 24_000_000,
  folder: 'stocks_minute',
  // Beside the days: AAPL_1m_data.csv by AAPL_1d_data.csv.
  seriesFolder: '',
  series: minuteBarsOf('', NEW_YORK_OVERNIGHT),
};

const ticks = { ...stocks, ...tickLimits, records: 'ticks' } as const;

/** Sizes: 1.35 to 3.7 GB compressed a day. */
export const stocksTrades: Dataset = {
  ...ticks,
  name: 'stocks_trades',
  title: 'US stocks, every trade',
  prefix: 'us_stocks_sip/trades_v1',
  typicalObjectBytes: 2_500_000_000,
  folder: 'stocks_trades',
  seriesFolder: 'stocks_trades',
  series: {
    prefix: '',
    suffix: '_trades_data.csv',
    of: 'ticker',
    time: 'moment',
    ...NEW_YORK_OVERNIGHT,
    values: [
      'conditions',
      'correction',
      'exchange',
      'id',
      'participant_timestamp',
      'price',
      'sequence_number',
      'sip_timestamp',
      'size',
      'tape',
      'trf_id',
      'trf_timestamp',
    ],
  },
};

/** Sizes: 6 to 10.5 GB compressed a day. */
export const stocksQuotes: Dataset = {
  ...ticks,
  name: 'stocks_quotes',
  title: 'US stocks, every quote',
  prefix: 'us_stocks_sip/quotes_v1',
  typicalObjectBytes: 8_000_000_000,
  folder: 'stocks_quotes',
  seriesFolder: 'stocks_quotes',
  series: {
    prefix: '',
    suffix: '_quotes_data.csv',
    of: 'ticker',
    time: 'moment',
    ...NEW_YORK_OVERNIGHT,
    values: [
      'ask_exchange',
      'ask_price',
      'ask_size',
      'bid_exchange',
      'bid_price',
      'bid_size',
      'conditions',
      'indicators',
      'participant_timestamp',
      'sequence_number',
      'sip_timestamp',
      'tape',
      'trf_timestamp',
    ],
  },
};
