/** Currency pairs, from Sunday evening to Friday evening in New York. Volume counts quotes. */
import { type IsoDay, weekday } from '#market/calendar/iso-day.js';
import { quotedListing } from '#sandbox/s3/quoted-listing.js';
import { type Market, TRADED } from './aggregates.js';
import { calendarIndex } from './calendar-index.js';
import { changed, createDayBars } from './day-bars.js';
import { hashText } from './hash.js';
import { listedMarket } from './listed-market.js';
import { calendarDays } from './session-days.js';
import { forexHours, utcMidnight } from './session-hours.js';
import { ANCHOR_DAY, universeOf } from './universe.js';

export const FIRST_FOREX_DAY: IsoDay = '2009-09-25';
const SATURDAY = 6;
/** One Saturday in so many has a file. */
const SATURDAYS = 30;

/** Dollars of one unit, and a usual day's quotes in its dollar pair. */
const CURRENCIES: readonly (readonly [code: string, dollars: number, quotes: number])[] = [
  ['EUR', 1.164, 90_000],
  ['GBP', 1.336, 80_000],
  ['AUD', 0.655, 50_000],
  ['NZD', 0.574, 30_000],
  ['CAD', 0.714, 50_000],
  ['CHF', 1.252, 45_000],
  ['JPY', 0.00656, 90_000],
  ['CNH', 0.1402, 14_000],
  ['SEK', 0.1058, 12_000],
  ['NOK', 0.0991, 12_000],
  ['DKK', 0.1558, 7000],
  ['PLN', 0.2739, 5000],
  ['CZK', 0.0479, 3000],
  ['HUF', 0.00298, 3000],
  ['TRY', 0.0238, 5000],
  ['ZAR', 0.0577, 6000],
  ['MXN', 0.0544, 8000],
  ['BRL', 0.1862, 2500],
  ['SGD', 0.7705, 7000],
  ['HKD', 0.1286, 6000],
  ['INR', 0.01128, 2000],
  ['KRW', 0.0007, 2000],
  ['THB', 0.0308, 1500],
  ['IDR', 0.00006, 400],
  ['ILS', 0.306, 1800],
  ['VND', 0.000038, 150],
];
const QUOTED_IN = ['USD', 'JPY', 'CHF', 'GBP', 'CAD', 'AUD'];
const FREE_OF_DOLLARS = ['EUR', 'GBP', 'AUD', 'NZD', 'CAD', 'CHF', 'SGD'];
/** These are quoted as a fraction of a unit; the others as units to the dollar. */
const DOLLAR_COMES_SECOND = ['EUR', 'GBP', 'AUD', 'NZD'];

export function forexMarket(seed: number): Market {
  const universe = universeOf(
    pairs().map((pair) => quotedListing(pair, seed)),
    calendarIndex(ANCHOR_DAY),
  );
  return listedMarket({
    name: 'forex',
    folder: 'global_forex',
    layout: TRADED,
    bars: changed(createDayBars(universe, calendarIndex, 'C:EUR-USD'), (bar) => {
      bar.volumeMillionths = 0;
      bar.transactions = bar.volume;
    }),
    profile: forexHours,
    listDays: (first, last) =>
      calendarDays(first, last).filter(
        (day) => weekday(day) !== SATURDAY || (hashText(day, seed) >>> 0) % SATURDAYS === 0,
      ),
    dayStamp: utcMidnight,
    minutesFrom: utcMidnight,
  });
}

function pairs() {
  const dollars = new Map(CURRENCIES.map(([code, worth]) => [code, worth]));
  const quotes = new Map(CURRENCIES.map(([code, , count]) => [code, count]));
  const pair = (from: string, to: string) => {
    const price = (dollars.get(from) ?? 1) / (dollars.get(to) ?? 1);
    const volume = Math.min(quotes.get(from) ?? 90_000, quotes.get(to) ?? 90_000);
    const decimals = price < 10 ? 5 : price < 5000 ? 3 : 2;
    return { ticker: `C:${from}-${to}`, price, decimals, volume, trades: volume, dailyMove: 0.55 };
  };
  const withDollar = CURRENCIES.map(([code]) =>
    DOLLAR_COMES_SECOND.includes(code) ? pair(code, 'USD') : pair('USD', code),
  );
  const crosses = FREE_OF_DOLLARS.flatMap((from, place) =>
    [...QUOTED_IN.slice(1), 'NZD', 'SEK', 'NOK']
      .filter((to) => to !== from && FREE_OF_DOLLARS.slice(0, place).includes(to) === false)
      .map((to) => pair(from, to)),
  );
  // Worth so little the other way round that five decimals are few.
  return [...withDollar, ...crosses, pair('JPY', 'USD'), pair('KRW', 'USD')];
}
