/**
 * What a day file tells of its own quality, beside the bars: records that are none, doubles, stamps of
 * another day.
 */

import type { DayWindow } from '#market/datasets/day-window.js';
import { isLineADay, type SeriesForm } from '#market/datasets/series-form.js';
import { endOfKey } from '#market/datasets/series-key.js';
import { type Fields, VERDICTS } from './bar.js';
import { type DayIndex, endOfGroup, inOrder, lastBar, lineOf, sameTicker, tickerOf } from './day-index.js';
import { type LeftOut, newLeftOut } from './left-out.js';
import { secondOf } from './record-second.js';

export interface DayQuality {
  readonly bars: number;
  readonly notBars: { readonly count: number; readonly first: readonly NotABar[] };
  /**
   * Where a ticker has one bar a day: those with more, of which the last is kept: how many bars too many, and
   * whose.
   */
  readonly doubles: { readonly count: number; readonly first: readonly string[] };
  /** Records stamped outside the day, where each line is of a moment: no series has them. */
  readonly offDate: number;
  /** Everything that no series has, by ticker and reason, as far as there is room. */
  readonly leftOut: readonly LeftOut[];
  /**
   * The window_start of the first, middle and last bar that do not lie in the day of the key, as the vendor
   * wrote them.
   */
  readonly offDay: readonly string[];
}

export type NotABar = Pick<LeftOut, 'line' | 'ticker' | 'reason'>;

/** How many examples are kept of each kind. */
const EXAMPLES = 5;
const MOST_TICKER_BYTES = 60;
/** More than any stamp has. */
const MOST_STAMP_BYTES = 30;

/** `window`: seconds since the epoch at which the day begins and the next one does, in the dataset's zone. */
export function qualityOf(index: DayIndex, window: DayWindow, series: SeriesForm): DayQuality {
  let [bars, offDate, noContracts] = [0, 0, 0];
  const leftOut = newLeftOut();
  const isOut = outOfDay(index, window, series);
  const isNoContract = noContract(index, series);
  for (let i = 0; i < index.records; i++) {
    const verdict = index.verdicts[i] as number;
    if (verdict === 0) bars++;
    let reason: string | undefined;
    if (verdict !== 0) reason = VERDICTS[verdict];
    else if (isNoContract(i)) {
      reason = 'the ticker is no option contract (OCC)';
      noContracts++;
    } else if (isOut(i)) {
      reason = OFF_DATE;
      offDate++;
    }
    if (reason !== undefined) leftOut.add(shortTickerOf(index, i), reason, () => lineOf(index, i));
  }
  const notBars = leftOut.all().filter(({ reason }) => reason !== OFF_DATE);
  let doubles = 0;
  const doubled: string[] = [];
  for (let from = 0, to = 0; isLineADay(series) && from < index.records; from = to) {
    to = endOfGroup(index, from);
    const extra = to - from === 1 ? 0 : lastBar(index, from, to).bars - 1;
    if (extra <= 0) continue;
    doubles += extra;
    if (doubled.length < EXAMPLES) doubled.push(shortTickerOf(index, inOrder(index, from)));
  }
  return {
    bars,
    notBars: { count: index.records - bars + noContracts, first: notBars.slice(0, EXAMPLES) },
    offDate,
    leftOut: leftOut.all(),
    doubles: { count: doubles, first: doubled },
    // Nobody knows the hours of what is not described, and sessions of futures begin on the evening before.
    offDay: series.many === true ? [] : offDay(index, window),
  };
}

const OFF_DATE = 'stamped outside the trade date';

/** Whether a record's moment lies outside the day; never where a line is of the day of the key. */
function outOfDay(index: DayIndex, { from, to }: DayWindow, { time }: SeriesForm): (i: number) => boolean {
  if (time === 'day' || index.columns.stamp < 0) return () => false;
  return (i) => {
    const second = secondOf(index, i);
    return !(second >= from && second < to);
  };
}

/** Whether a record is of no contract, and so of no underlying. */
function noContract(index: DayIndex, series: SeriesForm): (i: number) => boolean {
  if (series.of === 'ticker') return () => false;
  const { tickerBytes, tickerStarts, tickerEnds } = index;
  let [last, isNone] = [-1, false];
  return (i) => {
    if (last < 0 || !sameTicker(index, last, i))
      isNone = endOfKey(tickerBytes, tickerStarts[i] as number, tickerEnds[i] as number, series) < 0;
    last = i;
    return isNone;
  };
}

/** What stands in the ticker's place can be a megabyte long, and is told to people. */
function shortTickerOf(index: DayIndex, i: number): string {
  const length = (index.tickerEnds[i] as number) - (index.tickerStarts[i] as number);
  return length <= MOST_TICKER_BYTES ? tickerOf(index, i) : `${tickerOf(index, i, MOST_TICKER_BYTES)}…`;
}

function offDay(index: DayIndex, window: DayWindow): string[] {
  const column = index.columns.stamp;
  if (column < 0 || index.records === 0) return [];
  const found: string[] = [];
  for (const i of new Set([0, index.records >>> 1, index.records - 1])) {
    if (index.verdicts[i] !== 0) continue;
    const fields = index.fieldsOf(i);
    const stamp = shortStamp(fields, column);
    const inDay = /^-?\d{10,20}$/.test(stamp) && within(Number(stamp.slice(0, -9)), window);
    if (!inDay && !found.includes(stamp)) found.push(stamp);
  }
  return found;
}

function shortStamp({ bytes, starts, ends }: Fields, column: number): string {
  const start = starts[column] as number;
  const end = ends[column] as number;
  const text = Buffer.from(bytes.subarray(start, Math.min(end, start + MOST_STAMP_BYTES))).toString('latin1');
  return end - start > MOST_STAMP_BYTES ? `${text}…` : text;
}

/** Whole seconds: the nanoseconds, above 2^53, were cut off as text. */
function within(seconds: number, window: DayWindow): boolean {
  return seconds >= window.from && seconds < window.to;
}
