/**
 * What a ticker's rows come to when they are written out: a line a bar, with a stamp in front. As they stand
 * in the series, or as bars of another width (resample.ts).
 */
import { pricesOf, type StampedBar, valuesOf } from '#market/bars/bar.js';
import { resample, type StampOf } from '#market/bars/resample.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { localText, readLocalText } from '#market/calendar/local-stamps.js';
import { EVENING_MARK } from '#market/calendar/trade-date.js';
import { isLineADay, type SeriesForm } from '#market/datasets/series-form.js';
import type { Reduction } from '#market/quotes/reduction.js';
import type { Row } from '#store/series/row.js';
import type { DatedLine } from './line.js';
import { reducedLines } from './reduced-lines.js';

export interface Wording {
  readonly form: SeriesForm;
  /** What bars are to be made; then the form is that of a ticker's bars. Undefined: every line as it is. */
  readonly stampOf: StampOf | undefined;
  /** What of the quotes is kept; not with bars. Undefined: every line. */
  readonly reduction?: Reduction | undefined;
  /** Where the clocks are that show the moments. Undefined: the dataset's own. */
  readonly zone?: string | undefined;
}

/**
 * `odd` hears of the stamps of those lines that are no bars (`NaN`, nothing), where bars are made: they go
 * into none. `dropped`: in sum, how many a reduction leaves out.
 */
export function linesOf(
  rows: Iterable<Row>,
  wording: Wording,
  odd: (stamp: string) => void,
  dropped: (lines: number) => void = () => undefined,
): Iterable<DatedLine> {
  const { form, zone } = wording;
  const lines = ownLines(rows, wording, odd, dropped);
  return zone === undefined || zone === form.timeZone ? lines : inZone(lines, form.timeZone, zone);
}

function ownLines(
  rows: Iterable<Row>,
  { form, stampOf, reduction }: Wording,
  odd: (stamp: string) => void,
  dropped: (lines: number) => void,
): Iterable<DatedLine> {
  const lines = splitLines(rows, form);
  if (reduction !== undefined) return reducedLines(lines, { form, reduction }, dropped);
  return stampOf === undefined ? lines : linesOfBars(resample(barsOf(lines, odd), stampOf));
}

/** Days stay the days that they are, and so does what the user wrote and is no moment. */
function* inZone(lines: Iterable<DatedLine>, from: string, zone: string): Generator<DatedLine> {
  for (const line of lines) {
    const time = readLocalText(line.stamp, from);
    yield time === undefined ? line : { ...line, stamp: localText(time.seconds, zone, time.fraction) };
  }
}

function* splitLines(rows: Iterable<Row>, form: SeriesForm): Generator<DatedLine> {
  const isLine = isLineADay(form);
  for (const { day, values } of rows) {
    if (isLine) yield { stamp: day, day, values };
    else for (const line of linesIn(values)) yield cutAtComma(line, day);
  }
}

/** A line break within quotes ends no line. */
function linesIn(block: string): readonly string[] {
  return block.includes('"') ? (block.match(/(?:[^"\n]|"[^"]*")+/g) ?? []) : block.split('\n');
}

function cutAtComma(line: string, day: IsoDay): DatedLine {
  const comma = line.indexOf(',');
  const stamp = line.slice(0, comma);
  // What the mark says, the row's day says.
  return {
    stamp: stamp.startsWith(EVENING_MARK) ? stamp.slice(1, -1) : stamp,
    day,
    values: line.slice(comma + 1),
  };
}

function* barsOf(lines: Iterable<DatedLine>, odd: (stamp: string) => void): Generator<StampedBar> {
  for (const { stamp, day, values } of lines) {
    const prices = pricesOf(values);
    if (prices === undefined) odd(stamp);
    else yield { stamp, day, ...prices };
  }
}

function* linesOfBars(bars: Iterable<StampedBar>): Generator<DatedLine> {
  for (const bar of bars) yield { stamp: bar.stamp, day: bar.day, values: valuesOf(bar) };
}

/** So many at a time, as arrays. */
export function* portionsOf<T>(all: Iterable<T>, size: number): Generator<readonly T[]> {
  let portion: T[] = [];
  for (const one of all) {
    portion.push(one);
    if (portion.length < size) continue;
    yield portion;
    portion = [];
  }
  if (portion.length > 0) yield portion;
}
