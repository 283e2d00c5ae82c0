/** The indices: values without volume, at every minute of the regular session. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { quotedListing } from '#sandbox/s3/quoted-listing.js';
import { type Market, VALUED } from './aggregates.js';
import { changed, createDayBars, type DayBars } from './day-bars.js';
import { listedMarket } from './listed-market.js';
import { sessionDays } from './session-days.js';
import { hoursOf, INDEX_HOURS, newYorkDayStart, newYorkMidnight } from './session-hours.js';
import { ANCHOR_DAY, universeOf } from './universe.js';
import { weekdayIndex } from './weekday-index.js';

export const FIRST_INDEX_DAY: IsoDay = '2023-02-14';

/** Value in October 2026 and a usual day's move in percent. */
const INDICES: readonly (readonly [ticker: string, value: number, dailyMove: number])[] = [
  ['I:SPX', 6890.25, 1],
  ['I:NDX', 25_400.5, 1.4],
  ['I:DJI', 47_100.75, 0.9],
  ['I:RUT', 2470.15, 1.5],
  ['I:VIX', 17.35, 7],
  ['I:COMP', 23_500.4, 1.3],
  ['I:OEX', 3455.2, 1],
  ['I:XSP', 689.02, 1],
  ['I:NYA', 21_650.1, 0.9],
  ['I:XAX', 6900.3, 1.1],
  ['I:W5000', 67_900.2, 1],
  ['I:MID', 3270.6, 1.3],
  ['I:SML', 1455.9, 1.5],
  ['I:RUI', 3760.8, 1],
  ['I:RUA', 3900.1, 1],
  ['I:DJT', 16_050.9, 1.4],
  ['I:DJU', 1120.33, 1],
  ['I:SOX', 6980.4, 2.5],
  ['I:UTY', 1250.7, 1],
  ['I:XAU', 330.15, 2.4],
  ['I:HGX', 690.9, 1.9],
  ['I:BKX', 150.02, 1.6],
  ['I:OSX', 61.7, 2.2],
  ['I:XAL', 63.4, 2.3],
  ['I:VXN', 22.4, 6],
  ['I:RVX', 23.1, 6],
  ['I:VVIX', 98.6, 5],
  ['I:VIX9D', 15.9, 9],
  ['I:VIX3M', 20.3, 4],
  ['I:VIX6M', 22.2, 3],
  ['I:SKEW', 148.3, 2],
  ['I:OVX', 37.2, 5],
  ['I:GVZ', 24.6, 4],
  ['I:TNX', 41.2, 2],
  ['I:TYX', 47.1, 1.6],
  ['I:FVX', 37.4, 2.4],
  ['I:IRX', 38.1, 0.8],
  ['I:BXM', 2450.6, 0.6],
  ['I:PUT', 2890.1, 0.6],
  ['I:CLL', 1234.5, 0.8],
  // Down to a few hundredths.
  ['I:TICKQ', 0.17, 9],
];

const KNOWN: ReadonlySet<string> = new Set(INDICES.map(([ticker]) => ticker));

/** Sectors, baskets and yields have names such as `I:QAAF07`. */
function invented(n: number): readonly [ticker: string, value: number, dailyMove: number] {
  const letter = (at: number): string => String.fromCharCode(65 + (Math.floor(n / 26 ** at) % 26));
  return [
    `I:Q${letter(2)}${letter(1)}${letter(0)}${String(n % 97).padStart(2, '0')}`,
    20 + ((n * 37) % 9000),
    1 + (n % 3),
  ];
}

export interface IndexMarket extends Market {
  readonly bars: DayBars;
}

/** `more`: invented ones, which only a day of true size has. */
export function indexMarket(seed: number, more = 0): IndexMarket {
  const all = [...INDICES, ...Array.from({ length: more }, (_, n) => invented(n))];
  const listings = all.map(([ticker, price, dailyMove]) =>
    quotedListing({ ticker, price, dailyMove, decimals: price < 20_000 ? 4 : 2, volume: 1, trades: 1 }, seed),
  );
  const universe = universeOf(listings, weekdayIndex(ANCHOR_DAY));
  const bars = changed(createDayBars(universe, weekdayIndex, 'I:SPX'), (bar) => {
    // Nobody trades an index: its minutes do not depend on a volume.
    bar.volume = 1_000_000;
    bar.transactions = 1_000_000;
  });
  const market = listedMarket({
    name: 'indices',
    folder: 'us_indices',
    layout: VALUED,
    bars,
    chosen: (row) => KNOWN.has(universe.tickers[row] ?? ''),
    profile: (day) => hoursOf(day, INDEX_HOURS),
    listDays: sessionDays,
    dayStamp: newYorkMidnight,
    minutesFrom: newYorkDayStart,
  });
  return { ...market, bars };
}
