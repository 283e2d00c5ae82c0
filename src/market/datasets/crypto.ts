/** Crypto-currencies. Their days are those of UTC, every one of them. */
import { everyDay } from '#market/calendar/around-the-clock.js';
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

const crypto = {
  firstDay: '2013-11-01',
  calendar: everyDay,
  publication: nextMorning,
  records: 'bars',
  untracked: 'every',
} as const;

export const cryptoDaily: Dataset = {
  ...crypto,
  ...dayBarLimits,
  name: 'crypto_daily',
  title: 'Crypto-currencies, a bar a day',
  prefix: 'global_crypto/day_aggs_v1',
  typicalObjectBytes: 20_000,
  folder: 'crypto_daily',
  seriesFolder: 'crypto_daily',
  series: dayBarsOf('X:', UTC),
};

export const cryptoMinute: Dataset = {
  ...crypto,
  ...manyBarLimits,
  name: 'crypto_minute',
  title: 'Crypto-currencies, a bar a minute',
  prefix: 'global_crypto/minute_aggs_v1',
  typicalObjectBytes: 4_000_000,
  folder: 'crypto_minute',
  seriesFolder: 'crypto_minute',
  series: minuteBarsOf('X:', { timeZone: UTC }),
};

export const cryptoTrades: Dataset = {
  ...crypto,
  ...tickLimits,
  records: 'any',
  untracked: 'ask',
  name: 'crypto_trades',
  title: 'Crypto-currencies, every trade',
  prefix: 'global_crypto/trades_v1',
  typicalObjectBytes: 300_000_000,
  folder: 'crypto_trades',
  seriesFolder: 'crypto_trades',
  series: venueTicksOf('X:', '_trades_data.csv', [
    'conditions',
    'exchange',
    'id',
    'participant_timestamp',
    'price',
    'size',
  ]),
};
