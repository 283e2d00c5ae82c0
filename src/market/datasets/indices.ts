/** Indices, which have no volume. Sizes: days 0.24 to 0.27 MB, minutes 83 to 149 MB compressed. */
import { nyse } from '#market/calendar/nyse.js';
import {
  archived,
  dayBarLimits,
  dayBarsOf,
  manyBarLimits,
  minuteBarsOf,
  NEW_YORK,
  NEW_YORK_MOMENTS,
  nextMorning,
  tickLimits,
} from './common.js';
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
  typicalObjectBytes: 260_000,
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
  typicalObjectBytes: 115_000_000,
  folder: 'indices_minute',
  seriesFolder: 'indices_minute',
  series: minuteBarsOf('I:', NEW_YORK_MOMENTS),
};

/** Every value; the names of its columns are not documented. */
export const indicesValues: Dataset = {
  ...indices,
  ...tickLimits,
  ...archived('I:', NEW_YORK),
  name: 'indices_values',
  title: 'Indices, every value',
  prefix: 'us_indices/values_v1',
  typicalObjectBytes: 1_000_000_000,
  folder: 'indices_values',
  seriesFolder: 'indices_values',
};
