/**
 * The key figures of a ticker over a range. Ratios and averages are for looking at and are floats; prices
 * stay the text that they are.
 */
import { addDays, daysBetween, type IsoDay } from '#market/calendar/iso-day.js';
import { subMonthsClamped } from '#market/calendar/months.js';
import { compareDecimal } from '#market/records/decimal.js';
import { subtractDecimals } from '#market/records/decimal-sum.js';
import type { Bar } from './bar.js';

export interface PricePoint {
  readonly price: string;
  readonly day: IsoDay;
}

export interface HighLow {
  readonly high: PricePoint;
  readonly low: PricePoint;
}

export interface Change {
  /** The day whose close it is measured from: that of the bar before. */
  readonly from: IsoDay;
  /** Exact, with a minus sign where it fell. */
  readonly amount: string;
  /** Undefined where the close before is 0, or next to it. */
  readonly percent: number | undefined;
}

export interface SplitHint {
  readonly day: IsoDay;
  readonly before: string;
  readonly after: string;
  /** New shares for old ones: [2, 1] halves the price, [1, 10] makes it tenfold. */
  readonly ratio: readonly [shares: number, old: number];
}

export interface Figures {
  readonly last: PricePoint;
  readonly change: Change | undefined;
  readonly range: HighLow;
  /** Of the 52 weeks up to the last bar; undefined where the series does not reach back so far. */
  readonly year: HighLow | undefined;
  readonly volume: {
    /** Over the last 20 bars, or as many as there are up to the last of the range. */
    readonly average: number;
    readonly over: number;
    /** Over the range. */
    readonly median: number;
  };
  /**
   * Jumps from a close to the next open and close that look like a split: a hint, for prices are not
   * adjusted.
   */
  readonly splits: readonly SplitHint[];
}

const AVERAGE_OVER = 20;
/** A day or two late or holidays: it still reaches back a year. */
const SLACK_DAYS = 7;

/**
 * `all`: every bar of the series, ascending, a session each; `from`, `to`: those of the range. Undefined
 * where there are none.
 */
export function figuresOf(all: readonly Bar[], from: number, to: number): Figures | undefined {
  const range = all.slice(from, to);
  const last = range.at(-1);
  const extremes = highLow(range);
  if (last === undefined || extremes === undefined) return undefined;
  const upTo = all.slice(0, to);
  const recent = upTo.slice(-AVERAGE_OVER).map(({ volume }) => Number(volume));
  return {
    last: { price: last.close, day: last.end },
    change: changeBetween(upTo.at(-2), last),
    range: extremes,
    year: yearOf(upTo, last.end),
    volume: {
      average: recent.reduce((sum, volume) => sum + volume / recent.length, 0),
      over: recent.length,
      median: median(range.map(({ volume }) => Number(volume))),
    },
    splits: splitHints(all.slice(Math.max(0, from - 1), to)),
  };
}

type Closing = Pick<Bar, 'close' | 'end'>;

/** From the close of one bar to that of the next; undefined where there is none before. */
export function changeBetween(before: Closing | undefined, bar: Closing): Change | undefined {
  if (before === undefined) return undefined;
  const amount = subtractDecimals(bar.close, before.close);
  const percent = (Number(amount) / Number(before.close)) * 100;
  return { from: before.end, amount, percent: Number.isFinite(percent) ? percent : undefined };
}

function highLow(bars: readonly Bar[]): HighLow | undefined {
  let [high, low] = [bars[0], bars[0]];
  for (const bar of bars) {
    if (high !== undefined && compareDecimal(bar.high, high.high) > 0) high = bar;
    if (low !== undefined && compareDecimal(bar.low, low.low) < 0) low = bar;
  }
  if (high === undefined || low === undefined) return undefined;
  return { high: { price: high.high, day: high.end }, low: { price: low.low, day: low.end } };
}

function yearOf(bars: readonly Bar[], end: IsoDay): HighLow | undefined {
  // The calendar begins with 1900.
  const first = bars[0]?.start;
  if (first === undefined || end < '1902') return undefined;
  const start = addDays(subMonthsClamped(end, 12), 1);
  return first > addDays(start, SLACK_DAYS) ? undefined : highLow(bars.filter((bar) => bar.start >= start));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (sorted[middle - 1] ?? 0) / 2 + upper / 2;
}

const SPLITS = [2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 40, 50, 100];
/** How far from the ratio the next open and the next close may be, as a factor. */
const OPEN_NEAR = 1.1;
const CLOSE_NEAR = 1.2;
/** Of a price below this, a tick is a jump. */
const LEAST_PRICE = 0.05;
/** After a longer pause a jump says nothing about a split. */
const LONGEST_PAUSE_DAYS = 10;

function splitHints(bars: readonly Bar[]): readonly SplitHint[] {
  return bars.flatMap((bar, i) => {
    const before = bars[i - 1];
    if (before === undefined || daysBetween(before.end, bar.start) > LONGEST_PAUSE_DAYS) return [];
    const ratio = splitRatio(Number(before.close), Number(bar.open), Number(bar.close));
    return ratio === undefined ? [] : [{ day: bar.start, before: before.close, after: bar.close, ratio }];
  });
}

function splitRatio(before: number, open: number, close: number): SplitHint['ratio'] | undefined {
  if (Math.min(before, open, close) < LEAST_PRICE) return undefined;
  const fell = before > open;
  const factor = fell ? before / open : open / before;
  const nearest = SPLITS.reduce((best, n) => (off(factor, n) < off(factor, best) ? n : best));
  const closed = fell ? before / close : close / before;
  if (off(factor, nearest) > OPEN_NEAR || off(closed, nearest) > CLOSE_NEAR) return undefined;
  return fell ? [nearest, 1] : [1, nearest];
}

/** By which factor two ratios differ, 1 where they are the same. */
function off(a: number, b: number): number {
  return a > b ? a / b : b / a;
}
