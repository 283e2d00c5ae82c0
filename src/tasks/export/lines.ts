/**
 * What a ticker's rows come to when they are written out: a line a bar, with a stamp in front. As they stand
 * in the series, or as bars of another width (resample.ts).
 */
import { pricesOf, type StampedBar, valuesOf } from '#market/bars/bar.js';
import { resample, type StampOf } from '#market/bars/resample.js';
import { isLineADay, type SeriesForm } from '#market/datasets/series-form.js';
import type { Row } from '#store/series/row.js';

export interface Line {
  /** A day or a local date-time. */
  readonly stamp: string;
  /** What follows it in the series. */
  readonly values: string;
}

export interface Wording {
  readonly form: SeriesForm;
  /** What bars are to be made; then the form is that of a ticker's bars. Undefined: every line as it is. */
  readonly stampOf: StampOf | undefined;
}

/**
 * `odd` hears of the stamps of those lines that are no bars (`NaN`, nothing), where bars are made: they go
 * into none.
 */
export function linesOf(
  rows: Iterable<Row>,
  { form, stampOf }: Wording,
  odd: (stamp: string) => void,
): Iterable<Line> {
  const lines = splitLines(rows, form);
  return stampOf === undefined ? lines : linesOfBars(resample(barsOf(lines, odd), stampOf));
}

function* splitLines(rows: Iterable<Row>, form: SeriesForm): Generator<Line> {
  const isLine = isLineADay(form);
  for (const { day, values } of rows) {
    if (isLine) yield { stamp: day, values };
    else for (const line of linesIn(values)) yield cutAtComma(line);
  }
}

/** A line break within quotes ends no line. */
function linesIn(block: string): readonly string[] {
  return block.includes('"') ? (block.match(/(?:[^"\n]|"[^"]*")+/g) ?? []) : block.split('\n');
}

function cutAtComma(line: string): Line {
  const comma = line.indexOf(',');
  return { stamp: line.slice(0, comma), values: line.slice(comma + 1) };
}

function* barsOf(lines: Iterable<Line>, odd: (stamp: string) => void): Generator<StampedBar> {
  for (const { stamp, values } of lines) {
    const prices = pricesOf(values);
    if (prices === undefined) odd(stamp);
    else yield { stamp, ...prices };
  }
}

function* linesOfBars(bars: Iterable<StampedBar>): Generator<Line> {
  for (const bar of bars) yield { stamp: bar.stamp, values: valuesOf(bar) };
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
