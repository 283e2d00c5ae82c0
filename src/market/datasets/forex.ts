/** Currency pairs. Their days are those of UTC, from Sunday to Friday. */
import { forexWeek } from '#market/calendar/around-the-clock.js';
import {
  dayBarLimits,
  dayBarsOf,
  manyBarLimits,
  minuteBarsOf,
  nextMorning,
  tickLimits,
  UTC,
  venueTicksOf,
} from './common.js';
import type { Dataset } from './dataset.js';

const forex = {
  firstDay: '2009-09-25',
  calendar: forexWeek,
  publication: nextMorning,
  records: 'bars',
  untracked: 'every',
} as const;

export const forexDaily: Dataset = {
  ...forex,
  ...dayBarLimits,
  name: 'forex_daily',
  title: 'Currency pairs, a bar a day',
  prefix: 'global_forex/day_aggs_v1',
  typicalObjectBytes: 60_000,
  folder: 'forex_daily',
  seriesFolder: 'forex_daily',
  series: dayBarsOf('C:', UTC),
};

export const forexMinute: Dataset = {
  ...forex,
  ...manyBarLimits,
  name: 'forex_minute',
  title: 'Currency pairs, a bar a minute',
  prefix: 'global_forex/minute_aggs_v1',
  typicalObjectBytes: 15_000_000,
  folder: 'forex_minute',
  seriesFolder: 'forex_minute',
  series: minuteBarsOf('C:', { timeZone: UTC }),
};

export const forexQuotes: Dataset = {
  ...forex,
  ...tickLimits,
  records: 'any',
  untracked: 'ask',
  name: 'forex_quotes',
  title: 'Currency pairs, every quote',
  prefix: 'global_forex/quotes_v1',
  typicalObjectBytes: 1_000_000_000,
  folder: 'forex_quotes',
  seriesFolder: 'forex_quotes',
  series: venueTicksOf('C:', '_quotes_data.csv', [
    'ask_exchange',
    'ask_price',
    'bid_exchange',
    'bid_price',
    'participant_timestamp',
  ]),
};
