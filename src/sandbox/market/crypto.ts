/**
 * Coins: every day of the calendar, around the clock in UTC; prices from a hundred thousand down to a
 * ten-millionth.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { type Quoted, quotedListing } from '#sandbox/s3/quoted-listing.js';
import { COINED, type Market } from './aggregates.js';
import { calendarIndex } from './calendar-index.js';
import { createDayBars } from './day-bars.js';
import { listedMarket } from './listed-market.js';
import { calendarDays } from './session-days.js';
import { ROUND_THE_CLOCK, utcMidnight } from './session-hours.js';
import { ANCHOR_DAY, universeOf } from './universe.js';

export const FIRST_CRYPTO_DAY: IsoDay = '2013-11-01';
/** A price has as many decimals as make it this many ticks, and at least two. */
const ENOUGH_TICKS = 100_000;
const EURO = 1.164;

/** Dollars a coin. */
const COINS: readonly (readonly [coin: string, dollars: number])[] = [
  ['BTC', 108_420],
  ['ETH', 3890],
  ['SOL', 187],
  ['XRP', 2.43],
  ['DOGE', 0.195],
  ['ADA', 0.64],
  ['LTC', 95.2],
  ['BCH', 478],
  ['LINK', 17.3],
  ['AVAX', 19.8],
  ['DOT', 3.01],
  ['UNI', 6.3],
  ['XLM', 0.31],
  ['ETC', 16],
  ['ATOM', 3.1],
  ['NEAR', 2.3],
  ['AAVE', 226],
  ['MKR', 1590],
  ['ALGO', 0.18],
  ['FIL', 1.55],
  ['XTZ', 0.6],
  ['EOS', 0.27],
  ['GRT', 0.064],
  ['SNX', 1.1],
  ['CRV', 0.54],
  ['COMP', 35],
  ['YFI', 4700],
  ['SUSHI', 0.55],
  ['ZRX', 0.19],
  ['BAT', 0.17],
  ['MANA', 0.24],
  ['SAND', 0.21],
  ['AXS', 1.5],
  ['ENJ', 0.046],
  ['CHZ', 0.033],
  ['1INCH', 0.19],
  ['ANKR', 0.0106],
  ['SKL', 0.0174],
  ['STORJ', 0.17],
  ['OMG', 0.16],
  ['KNC', 0.27],
  ['REN', 0.0058],
  ['LRC', 0.071],
  ['ICP', 3.1],
  ['APT', 3.3],
  ['ARB', 0.32],
  ['OP', 0.45],
  ['INJ', 8.6],
  ['SUI', 2.5],
  ['SEI', 0.2],
  ['TIA', 1],
  ['HBAR', 0.17],
  ['VET', 0.0172],
  ['SHIB', 0.00001012],
  ['PEPE', 0.00000702],
  ['BONK', 0.00001439],
  ['FLOKI', 0.0000692],
  ['BTT', 0.000000461],
  ['LUNC', 0.0000401],
  ['USDC', 1],
  ['USDT', 1.0002],
  ['DAI', 0.9999],
  ['WBTC', 108_300],
  ['PAXG', 4115],
  ['ZEC', 265],
  ['XMR', 322],
  ['DASH', 47.5],
  // A price that six decimals cannot show apart from nothing.
  ['ELON', 0.0000000612],
  ['BABYDOGE', 0.0000000012],
  ['SATS', 0.0000000272],
];
const IN_EUROS = ['BTC', 'ETH', 'SOL', 'XRP', 'LTC', 'ADA', 'DOGE', 'SHIB'];
/** Coins in coins, and one whose price takes ten decimals. */
const ODD: readonly Quoted[] = [
  { ticker: 'X:ETH-BTC', price: 0.03588, decimals: 8, volume: 9000, trades: 9000, dailyMove: 2 },
  { ticker: 'X:LTC-BTC', price: 0.000878, decimals: 8, volume: 3000, trades: 3000, dailyMove: 2 },
  {
    ticker: 'X:MICRO-USD',
    price: 0.0000001234,
    decimals: 10,
    volume: 900_000_000,
    trades: 8000,
    dailyMove: 5,
  },
];

export function cryptoMarket(seed: number): Market {
  const quoted = [
    ...COINS.map(([coin, dollars], place) => pair(coin, 'USD', dollars, place)),
    ...COINS.filter(([coin]) => IN_EUROS.includes(coin)).map(([coin, dollars]) =>
      pair(coin, 'EUR', dollars / EURO, 20),
    ),
    ...ODD,
  ];
  const universe = universeOf(
    quoted.map((one) => quotedListing(one, seed)),
    calendarIndex(ANCHOR_DAY),
  );
  return listedMarket({
    name: 'crypto',
    folder: 'global_crypto',
    layout: COINED,
    bars: createDayBars(universe, calendarIndex, 'X:BTC-USD'),
    profile: () => ROUND_THE_CLOCK,
    listDays: calendarDays,
    dayStamp: utcMidnight,
    minutesFrom: utcMidnight,
  });
}

/** `place`: how far down the list of the most traded it stands. */
function pair(coin: string, money: string, price: number, place: number): Quoted {
  let decimals = 2;
  while (decimals < 10 && price * Number(`1e${decimals}`) < ENOUGH_TICKS) decimals += 1;
  const turnover = 4e8 / (1 + place * place);
  const volume = Math.max(500, Math.min(900_000_000, Math.round(turnover / price)));
  const steady = /^(USD|DAI)/.test(coin);
  const trades = 300 + Math.floor(400_000 / (1 + place * 8));
  return { ticker: `X:${coin}-${money}`, price, decimals, volume, trades, dailyMove: steady ? 0.05 : 3.2 };
}
