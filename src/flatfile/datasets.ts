/** The datasets that barloom knows, by name. Adding one is adding a definition here. */
import { nyse } from '../calendar/nyse.js';
import type { Dataset } from './dataset.js';

/** Sizes: 11,000 to 12,100 rows, 0.2 to 0.32 MB compressed and 0.7 to 1 MB of text a day; the limits leave a factor of sixty. */
export const stocksDaily: Dataset = {
  name: 'stocks_daily',
  title: 'US stocks, a bar a day',
  prefix: 'us_stocks_sip/day_aggs_v1',
  firstDay: '2003-09-10',
  calendar: nyse,
  publication: { timeZone: 'America/New_York', hour: 11, overdueAfterHours: 24 },
  maxTextBytes: 64 << 20,
  maxObjectBytes: 64 << 20,
  maxRecords: 720_000,
  typicalObjectBytes: 300_000,
  memberTextBytes: 12 << 10,
  folder: '',
  seriesSuffix: '_1d_data.csv',
};

export const datasets: ReadonlyMap<string, Dataset> = new Map([[stocksDaily.name, stocksDaily]]);
