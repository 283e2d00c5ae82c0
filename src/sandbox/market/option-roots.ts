/**
 * What options are written on: the well-known stocks and funds of the market, the indices, adjusted and other
 * roots with digits; at the vendor's size every stock that is busy enough. A root's quotes of a day say all
 * that its chain needs.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { newBar } from './aggregates.js';
import type { DayBars } from './day-bars.js';
import { STEPS_PER_DOUBLING } from './exp2.js';
import type { ExpiryPlan } from './option-expiries.js';
import { type Hours, INDEX_OPTION_HOURS, OPTION_HOURS } from './session-hours.js';

/** How much is going on in a root. */
export interface Liveliness {
  readonly expiries: ExpiryPlan;
  /** Strikes on either side of the spot, in a small file and in one of the vendor's size. */
  readonly strikes: { readonly some: number; readonly all: number };
  /** Strikes away from the spot at which half as much is traded. */
  readonly reach: number;
  /** Contracts of the busiest strike on a good day. */
  readonly volume: number;
}

const HECTIC: Liveliness = {
  expiries: { sessions: 10, weeks: 8, months: 12, years: 2 },
  strikes: { some: 12, all: 45 },
  ...{ reach: 22, volume: 6000 },
};
const LIVELY: Liveliness = {
  expiries: { sessions: 0, weeks: 6, months: 6, years: 2 },
  strikes: { some: 7, all: 12 },
  ...{ reach: 9, volume: 4000 },
};
const QUIET: Liveliness = {
  expiries: { sessions: 0, weeks: 0, months: 5, years: 1 },
  strikes: { some: 4, all: 7 },
  ...{ reach: 4, volume: 120 },
};
const MONTHLY: Liveliness = { ...HECTIC, expiries: { sessions: 0, weeks: 0, months: 10, years: 2 } };

const HECTIC_STOCKS = ['SPY', 'QQQ', 'AAPL', 'TSLA', 'NVDA'];
const LIVELY_STOCKS = ['IWM', 'MSFT', 'AMZN', 'META', 'GOOGL', 'AMD', 'NFLX', 'BRK.B', 'KO', 'F', 'T', 'BAC'];
const MORE_STOCKS = ['INTC', 'PLTR', 'GME', 'DIS'];
/** Roots beside the plain one: contracts of before a split, and those with terms of their own. */
const ODD_ROOTS: readonly (readonly [root: string, ticker: string])[] = [
  ['TSLA1', 'TSLA'],
  ['2SPY', 'SPY'],
];
const INDEX_ROOTS: readonly (readonly [root: string, index: string, liveliness: Liveliness])[] = [
  ['SPX', 'I:SPX', MONTHLY],
  ['SPXW', 'I:SPX', HECTIC],
  ['VIX', 'I:VIX', LIVELY],
];
const LIVELY_VOLUME_LOG = 21.3 * STEPS_PER_DOUBLING;
const QUIET_VOLUME_LOG = 16.3 * STEPS_PER_DOUBLING;
/** As the universe counts them: a percent is 0.01 / ln 2 doublings. */
const STEPS_PER_PERCENT = 0.014427 * STEPS_PER_DOUBLING;
/** Nothing is written on what costs less. */
const LOWEST_DOLLARS = 3;

export interface OptionRoot {
  readonly root: string;
  readonly bars: DayBars;
  readonly row: number;
  readonly hours: Hours;
  readonly liveliness: Liveliness;
  /** Its strikes are those of before a split: thirds. */
  readonly adjusted: boolean;
  /** Also in a small file. */
  readonly chosen: boolean;
}

/** In no order. */
export function optionRoots(stocks: DayBars, indices: DayBars): readonly OptionRoot[] {
  const roots: OptionRoot[] = [];
  for (const [root, index, liveliness] of INDEX_ROOTS) {
    const row = indices.universe.tickers.indexOf(index);
    roots.push({
      ...{ root, bars: indices, row, hours: INDEX_OPTION_HOURS, liveliness, adjusted: false, chosen: true },
    });
  }
  const taken = new Set(['BRKB', ...roots.map(({ root }) => root)]);
  const { tickers, volumeLog } = stocks.universe;
  tickers.forEach((ticker, row) => {
    const plain = { bars: stocks, row, hours: OPTION_HOURS, adjusted: false };
    const liveliness = livelinessOf(ticker, volumeLog[row] ?? 0);
    const chosen = [HECTIC_STOCKS, LIVELY_STOCKS, MORE_STOCKS].some((list) => list.includes(ticker));
    if (ticker === 'BRK.B') roots.push({ ...plain, root: 'BRKB', liveliness: LIVELY, chosen });
    else if (/^[A-Z]{1,5}$/.test(ticker) && !taken.has(ticker) && liveliness !== undefined)
      roots.push({ ...plain, root: ticker, liveliness, chosen });
    for (const [root, of] of ODD_ROOTS) {
      if (of === ticker) roots.push({ ...plain, root, liveliness: QUIET, adjusted: true, chosen: true });
    }
  });
  return roots;
}

function livelinessOf(ticker: string, volumeLog: number): Liveliness | undefined {
  if (HECTIC_STOCKS.includes(ticker)) return HECTIC;
  if (LIVELY_STOCKS.includes(ticker) || volumeLog > LIVELY_VOLUME_LOG) return LIVELY;
  return MORE_STOCKS.includes(ticker) || volumeLog > QUIET_VOLUME_LOG ? QUIET : undefined;
}

/** The underlying's day in dollars. */
export interface Spot {
  readonly open: number;
  readonly close: number;
  readonly high: number;
  readonly low: number;
  /** Standard deviation of a day's return. */
  readonly dailyMove: number;
}

/** A reader of a day's spots; undefined for an underlying that does not trade, or is too cheap. */
export function spotsOn(day: IsoDay, revision: number): (root: OptionRoot) => Spot | undefined {
  const readers = new Map<DayBars, ReturnType<DayBars['on']>>();
  const bar = newBar();
  return ({ bars, row }) => {
    let read = readers.get(bars);
    if (read === undefined) {
      read = bars.on(day, revision);
      readers.set(bars, read);
    }
    if (!read(row, bar)) return undefined;
    const dollars = (ticks: number) => ticks / bar.ticksPerDollar;
    if (dollars(bar.close) < LOWEST_DOLLARS) return undefined;
    return {
      ...{ open: dollars(bar.open), close: dollars(bar.close) },
      ...{ high: dollars(bar.high), low: dollars(bar.low) },
      dailyMove: (bars.universe.dailySteps[row] ?? 1) / STEPS_PER_PERCENT / 100,
    };
  };
}
