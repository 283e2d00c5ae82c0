/** Indices, which have no volume. */
import { nyse } from '#market/calendar/nyse.js';
import { dayBarLimits, dayBarsOf, manyBarLimits, minuteBarsOf, NEW_YORK, nextMorning } from './common.js';
import type { Dataset } from './dataset.js';

const indices = {
  firstDay: '2023-02-14',
  calendar: nyse,
  publication: nextMorning,
  records: 'indices',
  untracked: 'every',
} as const;

export const indicesDaily: Dataset = {
  ...indices,
  ...dayBarLimits,
  name: 'indices_daily',
  title: 'Indices, a bar a day',
  prefix: 'us_indices/day_aggs_v1',
  typicalObjectBytes: 400_000,
  folder: 'indices_daily',
  seriesFolder: 'indices_daily',
  series: dayBarsOf('I:', NEW_YORK),
};

export const indicesMinute: Dataset = {
  ...indices,
  ...manyBarLimits,
  name: 'indices_minute',
  title: 'Indices, a bar a minute',
  prefix: 'us_indices/minute_aggs_v1',
  typicalObjectBytes: 12_000_000,
  folder: 'indices_minute',
  seriesFolder: 'indices_minute',
  series: minuteBarsOf('I:', NEW_YORK),
};
