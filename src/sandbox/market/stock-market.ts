/** The stocks of the synthetic market: every session since 2003 of the New York Stock Exchange. */
import { addDays, type IsoDay } from '#market/calendar/iso-day.js';
import { type Market, TRADED } from './aggregates.js';
import { createDayBars, type DayBars } from './day-bars.js';
import { KNOWN_SYMBOLS } from './known-symbols.js';
import { laterNames } from './later-names.js';
import { listedMarket } from './listed-market.js';
import { sessionDays } from './session-days.js';
import { hoursOf, newYorkDayStart, newYorkMidnight, STOCK_HOURS } from './session-hours.js';
import { buildUniverse, type Universe } from './universe.js';
import { weekdayIndex } from './weekday-index.js';

/** The vendor's first day of stocks. */
export const FIRST_STOCK_DAY: IsoDay = '2003-09-10';
/** Its daily rows are stamped with the day after, as the vendor's are. */
export const MISSTAMPED_DAY: IsoDay = '2019-08-12';
/** Invented listings in a small file of minutes, beside the hundred that every market has. */
const CHOSEN_INVENTED = 480;

export interface StockMarketOptions {
  readonly seed: number;
  /** About how many instruments trade on a day. */
  readonly tickers: number;
}

export interface StockMarket extends Market {
  readonly bars: DayBars;
}

export function stockMarket({ seed, tickers }: StockMarketOptions): StockMarket {
  const universe = buildUniverse(seed, tickers);
  const bars = createDayBars(universe, weekdayIndex, 'AAPL');
  const known = new Set(KNOWN_SYMBOLS.map((one) => one.ticker));
  const places = placesOf(universe);
  const every = Math.max(1, Math.ceil((Math.max(...places) + 1) / CHOSEN_INVENTED));
  const market = listedMarket({
    name: 'stocks',
    folder: 'us_stocks_sip',
    layout: TRADED,
    bars,
    chosen: (row) => (places[row] ?? 0) % every === 0 || known.has(universe.tickers[row] ?? ''),
    profile: (day) => hoursOf(day, STOCK_HOURS),
    listDays: sessionDays,
    dayStamp: (day) => newYorkMidnight(day === MISSTAMPED_DAY ? addDays(day, 1) : day),
    minutesFrom: newYorkDayStart,
  });
  return { ...market, bars };
}

/** Counts listings, each former name with the one that follows it: renaming a company adds none. */
function placesOf(universe: Universe): Int32Array {
  const later = laterNames(universe);
  const places = new Int32Array(universe.count);
  let place = 0;
  for (let row = 0; row < universe.count; row++) if (!later.has(row)) places[row] = place++;
  for (const [row, next] of later) places[row] = places[next] ?? 0;
  return places;
}
