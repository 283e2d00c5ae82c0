/**
 * Futures of the CME's four exchanges (https://massive.com/docs/flat-files/futures). A session begins on the
 * evening before its date, so a series says the session's date, that of the file, and the vendor's stamp
 * beside it. Prices may be below zero: a record is no bar that is judged.
 */
import { nyse } from '#market/calendar/nyse.js';
import { archived, dayBarLimits, manyBarLimits, NEW_YORK, nextMorning, tickLimits } from './common.js';
import type { Dataset } from './dataset.js';
import type { SeriesForm } from './series-form.js';

export const FUTURES_EXCHANGES = ['cbot', 'cme', 'comex', 'nymex'] as const;
type Exchange = (typeof FUTURES_EXCHANGES)[number];

const futures = {
  firstDay: '2017-04-03',
  // Days on which only futures trade are listed beside those that are expected.
  calendar: nyse,
  publication: nextMorning,
  records: 'any',
  untracked: 'every',
  // A root, the month's letter and the year: ESZ6, 6EH27; or two of them, a spread.
  tickerPattern: /^[A-Z0-9]{1,5}[FGHJKMNQUVXZ]\d{1,2}(?:-.+)?$/,
} as const;

const BAR = ['Open', 'High', 'Low', 'Close', 'Volume'] as const;

const sessions: SeriesForm = {
  prefix: '',
  suffix: '_1d_data.csv',
  of: 'ticker',
  time: 'day',
  timeZone: NEW_YORK,
  values: [...BAR, 'settlement_price', 'dollar_volume', 'transactions', 'session_end_date', 'window_start'],
  many: true,
};

const minutes: SeriesForm = {
  ...sessions,
  suffix: '_1m_data.csv',
  values: [...BAR, 'dollar_volume', 'transactions', 'exchange', 'session_end_date', 'window_start'],
};

function named(exchange: Exchange, kind: string, what: string) {
  const name = `futures_${exchange}_${kind}`;
  return { name, folder: name, seriesFolder: name, title: `${exchange.toUpperCase()} futures, ${what}` };
}

function ofExchange(exchange: Exchange): readonly Dataset[] {
  const folder = `us_futures_${exchange}`;
  return [
    {
      ...futures,
      ...dayBarLimits,
      ...named(exchange, 'daily', 'a bar a contract and session'),
      prefix: `${folder}/session_aggs_v1`,
      typicalObjectBytes: 200_000,
      series: sessions,
    },
    {
      ...futures,
      ...manyBarLimits,
      ...named(exchange, 'minute', 'a bar a contract and minute'),
      prefix: `${folder}/minute_aggs_v1`,
      typicalObjectBytes: 10_000_000,
      series: minutes,
    },
    {
      ...futures,
      ...tickLimits,
      ...archived('', NEW_YORK),
      ...named(exchange, 'trades', 'every trade'),
      prefix: `${folder}/trades_v1`,
      typicalObjectBytes: 100_000_000,
    },
    {
      ...futures,
      ...tickLimits,
      ...archived('', NEW_YORK),
      ...named(exchange, 'quotes', 'every quote'),
      prefix: `${folder}/quotes_v1`,
      typicalObjectBytes: 1_000_000_000,
    },
  ];
}

export const futuresDatasets: readonly Dataset[] = FUTURES_EXCHANGES.flatMap(ofExchange);
