/**
 * The instruments that every synthetic market has, however small: well-known symbols at about their weight,
 * and the names that break careless programs. Prices are near those of October 2026 and drift from there;
 * they are inventions all the same.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';

export interface KnownSymbol {
  readonly ticker: string;
  /** Dollars in October 2026. */
  readonly price: number;
  /** Shares on a usual day. */
  readonly volume: number;
  /** Standard deviation of a day's return, in percent. */
  readonly dailyMove: number;
  /** First and last day of the listing; always listed where absent. */
  readonly from?: IsoDay;
  readonly to?: IsoDay;
}

type Row = readonly [
  ticker: string,
  price: number,
  volume: number,
  dailyMove: number,
  from?: IsoDay,
  to?: IsoDay,
];

const WELL_KNOWN: readonly Row[] = [
  ['AAPL', 333, 48e6, 1.5],
  ['MSFT', 512, 21e6, 1.4],
  ['NVDA', 205, 170e6, 2.4],
  ['AMZN', 243, 42e6, 1.8],
  ['GOOGL', 301, 31e6, 1.7, '2014-04-03'],
  ['GOOG', 302, 20e6, 1.7, '2004-08-19'],
  ['META', 655, 13e6, 2, '2022-06-09'],
  ['FB', 196, 18e6, 2, '2012-05-18', '2022-06-08'],
  ['FB', 41, 30e3, 0.5, '2025-06-26'],
  ['TSLA', 421, 84e6, 3, '2010-06-29'],
  ['BRK.A', 700000, 1800, 1],
  ['BRK.B', 466.5, 4.4e6, 1],
  ['SPY', 689, 72e6, 1],
  ['QQQ', 622, 51e6, 1.3],
  ['IWM', 247, 33e6, 1.4],
  ['DIA', 471, 4e6, 0.9],
  ['VTI', 338, 3.6e6, 1],
  ['VOO', 633, 6e6, 1, '2010-09-09'],
  ['GLD', 378, 11e6, 1.1, '2004-11-18'],
  ['SLV', 46, 23e6, 1.8, '2006-04-28'],
  ['TLT', 90, 35e6, 0.9],
  ['BND', 74.5, 7e6, 0.3, '2007-04-10'],
  ['XLF', 53, 41e6, 1.1],
  ['JPM', 311, 8e6, 1.4],
  ['V', 345, 6e6, 1.2, '2008-03-19'],
  ['MA', 571, 2.6e6, 1.3, '2006-05-25'],
  ['UNH', 351, 9e6, 1.8],
  ['JNJ', 192, 8e6, 1],
  ['XOM', 117, 15e6, 1.4],
  ['CVX', 156, 8e6, 1.4],
  ['WMT', 105, 16e6, 1.2],
  ['PG', 148, 8e6, 1],
  ['KO', 69.8, 15e6, 0.9],
  ['PEP', 146, 7e6, 1],
  ['COST', 920, 2e6, 1.3],
  ['HD', 379, 4e6, 1.4],
  ['MCD', 305, 3e6, 1],
  ['DIS', 112, 8e6, 1.6],
  ['NFLX', 112, 36e6, 2.1],
  ['AMD', 240, 55e6, 3],
  ['INTC', 38.4, 95e6, 2.8],
  ['IBM', 307, 4.6e6, 1.5],
  ['ORCL', 262, 19e6, 2.3],
  ['CRM', 258, 7e6, 1.9, '2004-06-23'],
  ['CSCO', 73, 19e6, 1.3],
  ['T', 25, 38e6, 1.2],
  ['VZ', 39.7, 21e6, 1.1],
  ['F', 13.1, 66e6, 1.9],
  ['GM', 68.5, 11e6, 2, '2010-11-18'],
  ['GE', 304, 5e6, 1.7],
  ['BA', 201, 9e6, 1.9],
  ['CAT', 577, 3.7e6, 1.7],
  ['C', 100, 15e6, 1.7],
  ['BAC', 53, 37e6, 1.5],
  ['WFC', 86.5, 14e6, 1.5],
  ['GS', 789, 2e6, 1.7],
  ['PFE', 24.6, 44e6, 1.3],
  ['MRK', 86, 12e6, 1.2],
  ['LLY', 862, 3.4e6, 1.9],
  ['ABBV', 218, 6e6, 1.3, '2013-01-02'],
  ['PLTR', 192, 62e6, 3.6, '2020-09-30'],
  ['COIN', 344, 9e6, 4, '2021-04-14'],
  ['UBER', 96, 17e6, 2.2, '2019-05-10'],
  ['GME', 22.8, 8e6, 4],
  ['ARM', 170, 5e6, 3.2, '2023-09-14'],
  ['CRWV', 131, 24e6, 5.5, '2025-03-28'],
  // One symbol, two companies, and a gap between them that falls into the last 24 months.
  ['MTTR', 5.3, 6e6, 2.5, '2021-07-23', '2025-02-28'],
  ['MTTR', 31, 250e3, 2.2, '2026-03-16'],
  // Gone for good within the last 24 months.
  ['X', 54.8, 9e6, 1.5, '2003-09-10', '2025-06-18'],
];

const ODD: readonly Row[] = [
  ['A', 147, 1.9e6, 1.5],
  ['E', 36, 240e3, 1.3],
  ['ON', 50, 7e6, 2.8],
  ['NA', 2.4, 60e3, 5, '2022-01-18'],
  ['NAN', 11.6, 70e3, 0.5],
  ['TRUE', 2.1, 800e3, 3.4, '2014-05-16'],
  ['CON', 14.2, 30e3, 2, '2024-05-10'],
  ['PRN', 152, 9e3, 1.4, '2005-10-12'],
  ['NUL', 8.75, 12e3, 2.5],
  ['AUX', 26, 15e3, 1.8],
  ['CON.WS', 0.61, 5e3, 6, '2024-05-10'],
  ['BApA', 68.2, 400e3, 1.4, '2024-10-29'],
  ['AIIAr', 0.21, 9e3, 7, '2023-06-01'],
  ['BCATrw', 0.033, 40e3, 8, '2022-03-01'],
  ['BCPC', 152, 150e3, 1.5],
  ['BCpC', 17.9, 8e3, 0.9],
  ['TPC', 66, 600e3, 3],
  ['TpC', 17.2, 900e3, 0.8],
  ['AAP', 50.1, 1.7e6, 3],
  ['AAp', 24.6, 6e3, 0.7],
  ['NE.WS.A', 12.3, 3e3, 4, '2021-06-09'],
  ['ACHR.WS', 3.1, 150e3, 6, '2021-09-17'],
  ['ACHR', 9.6, 36e6, 4.5, '2021-09-17'],
  ['DCOMp', 17.4, 11e3, 1],
  ['BF.A', 27.3, 70e3, 1.6],
  ['BF.B', 27.1, 3e6, 1.6],
  ['AACT.U', 11.1, 2e3, 0.4, '2023-04-21'],
  ['PENY', 0.0061, 9e6, 6],
  ['ZTST', 12.5, 900, 2],
  ['ZVZZT', 15, 700, 2],
  ['ZZZTA', 10.1, 500, 2],
  ['NTEST.H', 21.4, 600, 2],
];

function symbol([ticker, price, volume, dailyMove, from, to]: Row): KnownSymbol {
  return { ticker, price, volume, dailyMove, ...(from && { from }), ...(to && { to }) };
}

export const KNOWN_SYMBOLS: readonly KnownSymbol[] = [...WELL_KNOWN, ...ODD].map(symbol);
