/**
 * What show prints: candles and volume, the key figures, and the last rows as a table. No line reaches the
 * terminal's last column.
 */
import type { Prices } from '#market/bars/bar.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { plainDecimal } from '#market/records/decimal.js';
import {
  type Change,
  changeBetween,
  type Figures,
  type HighLow,
  type SplitHint,
} from '#tasks/show/figures.js';
import type { MomentBar } from '#tasks/show/read-history.js';
import type { Shown } from '#tasks/show/show.js';
import { type CandleChart, type ChartStyle, candleChart } from './candle-chart.js';
import { compact } from './price-axis.js';
import { count, counted } from './quantities.js';
import { safeText } from './safe-text.js';
import { placeOf } from './wall-time.js';

/** A day of which the vendor has a record and the series no bar. */
export interface LeftOutDay {
  readonly day: IsoDay;
  readonly reason: string;
  /** Of the day's text; undefined for a row of the series. */
  readonly line?: number;
}

/** What the ticker's company was called before. */
export interface Rename {
  readonly from: string;
  readonly on: IsoDay;
}

export interface Moments {
  readonly bars: readonly MomentBar[];
  /** IANA name. */
  readonly zone: string;
}

export interface ShowView {
  readonly renamed?: Rename | undefined;
  readonly shown: Shown;
  readonly leftOut?: readonly LeftOutDay[];
  /** The last bars of less than a day, one more than are told: the table is of them. */
  readonly moments?: Moments | undefined;
  readonly dataset: string;
  readonly style: ChartStyle;
}

const NARROWEST = 20;
/** Text is no wider, however wide the terminal is; the chart is. */
const WIDEST_TEXT = 79;
export const ROWS_TOLD = 10;
const SPLITS_TOLD = 3;
const LEFT_OUT_TOLD = 3;

export function showText({ shown, leftOut = [], renamed, moments, dataset, style }: ShowView): string {
  const columns = Math.max(NARROWEST, style.columns);
  const width = Math.min(columns - 1, WIDEST_TEXT);
  const { figures } = shown;
  const heading = [safeText(shown.ticker), safeText(dataset), `${shown.range.start} to ${shown.range.end}`];
  if (figures === undefined) {
    return page([
      ...inLines(heading, width),
      '',
      ...figureLines('sessions', countsOf(shown), width),
      ...leftOutLines(leftOut, width),
      ...seriesLines(shown, renamed, width),
    ]);
  }
  const chart = candleChart(shown.bars, shown.candle, { ...style, columns });
  return page([
    ...inLines([...heading, ...keyOf(chart)], width),
    ...chart.lines,
    '',
    ...figureLines('close', closeParts(figures), width),
    ...figureLines('range', highLowParts(figures.range), width),
    ...(figures.year === undefined ? [] : figureLines('52 weeks', highLowParts(figures.year), width)),
    ...figureLines('volume', volumeParts(figures), width),
    ...figureLines('sessions', countsOf(shown), width),
    ...leftOutLines(leftOut, width),
    ...seriesLines(shown, renamed, width),
    ...splitLines(figures.splits, width),
    '',
    ...table(moments === undefined ? daysOf(shown) : momentsOf(moments), width),
  ]);
}

function page(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}

function keyOf({ candle, legend }: CandleChart): readonly string[] {
  return [`${candle} a candle`, legend];
}

function closeParts({ last, change }: Figures): readonly string[] {
  const close = `${shownPrice(last.price)} on ${last.day}`;
  return change === undefined ? [close] : [close, `${changeText(change)} from ${change.from}`];
}

function changeText({ amount, percent }: Change): string {
  const signed = amount.startsWith('-') ? amount : `+${amount}`;
  return percent === undefined ? shownPrice(signed) : `${shownPrice(signed)} (${percentText(percent)})`;
}

function percentText(percent: number): string {
  const text = Math.abs(percent) < 1e6 ? Math.abs(percent).toFixed(2) : Math.abs(percent).toExponential(1);
  return `${percent < 0 ? '-' : '+'}${text} %`;
}

function highLowParts({ high, low }: HighLow): readonly string[] {
  return [`high ${shownPrice(high.price)} on ${high.day}`, `low ${shownPrice(low.price)} on ${low.day}`];
}

function volumeParts({ volume }: Figures): readonly string[] {
  return [
    `average ${compact(volume.average)} (last ${volume.over})`,
    `median ${compact(volume.median)} (range)`,
  ];
}

function countsOf({ sessions, missing, odd }: Shown): readonly string[] {
  return [
    sessions === 0 ? 'none with a bar in this range' : count(sessions),
    ...(missing.length > 0 ? [`${count(missing.length)} without a row`] : []),
    ...(odd.length > 0 ? [`${counted(odd.length, 'row')} left out: not numbers`] : []),
  ];
}

/** The newest of the vendor's records; what is amiss with rows is counted above. */
function leftOutLines(all: readonly LeftOutDay[], width: number): readonly string[] {
  const records = all.filter(({ line }) => line !== undefined);
  if (records.length === 0) return [];
  const shown = records
    .slice(-LEFT_OUT_TOLD)
    .map(({ day, line = 0, reason }) => `${day} (line ${line}: ${safeText(reason)})`);
  const more = records.length > shown.length ? [`and ${count(records.length - shown.length)} before`] : [];
  return figureLines('left out', [...shown, ...more], width);
}

function seriesLines(
  { series: { first, last, rows } }: Shown,
  renamed: Rename | undefined,
  width: number,
): readonly string[] {
  const name = renamed === undefined ? [] : [`renamed from ${safeText(renamed.from)} on ${renamed.on}`];
  return first === undefined || last === undefined
    ? figureLines('series', ['no rows', ...name], width)
    : figureLines('series', [`${first} to ${last}`, counted(rows, 'row'), ...name], width);
}

function splitLines(splits: readonly SplitHint[], width: number): readonly string[] {
  if (splits.length === 0) return [];
  const shown = splits
    .slice(-SPLITS_TOLD)
    .map(
      ({ day, before, after, ratio: [shares, old] }) =>
        `${day}: ${shownPrice(before)} to ${shownPrice(after)} looks like ${shares} for ${old}`,
    );
  const more = splits.length > SPLITS_TOLD ? [`and ${count(splits.length - SPLITS_TOLD)} before`] : [];
  return figureLines('split?', [...shown, ...more, 'prices are not adjusted'], width);
}

/** A price of more digits than anyone reads is the user's, and shortened. */
const LONGEST_PRICE = 14;

function shownPrice(price: string): string {
  return price.length <= LONGEST_PRICE ? price : Number(price).toPrecision(6);
}

const NAME_WIDTH = 12;

/** On a narrower page a name has a line of its own. */
const NARROW = 34;

/** `  name     parts, with commas between`, on as many lines as they need. */
function figureLines(name: string, parts: readonly string[], width: number): readonly string[] {
  const indent = ' '.repeat(width < NARROW ? 4 : NAME_WIDTH);
  const words = parts.flatMap((part, i) => (i < parts.length - 1 ? `${part},` : part).split(' '));
  const lines = broken(words, width - indent.length).map((line) => indent + line);
  if (width < NARROW) return [`  ${name}`, ...lines];
  return lines.map((line, i) => (i === 0 ? `  ${name}`.padEnd(NAME_WIDTH) + line.slice(NAME_WIDTH) : line));
}

/** The parts with two blanks between, each whole on one line where it fits. */
function inLines(parts: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 2 + part.length <= width)
      lines[lines.length - 1] = `${line}  ${part}`;
    else lines.push(...broken(part.split(' '), width));
  }
  return lines;
}

function broken(words: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
    for (; line.length > width; line = line.slice(width)) lines.push(line.slice(0, width));
  }
  return [...lines, line];
}

interface Column {
  readonly title: string;
  readonly cells: readonly string[];
}

/**
 * The last rows. Where not all columns fit, the first of these go: low, high, open, change, volume, close.
 */
const GIVEN_UP_FIRST = ['Low', 'High', 'Open', 'Change', 'Volume', 'Close'];

interface Told extends Prices {
  readonly head: string;
  readonly end: string;
}

interface TableOf {
  readonly title: string;
  readonly bars: readonly Told[];
  /** That before the first of them, for its change. */
  readonly before: Pick<Told, 'close' | 'end'> | undefined;
}

function daysOf({ bars: all, before, candle }: Shown): TableOf {
  const bars = all.slice(-ROWS_TOLD);
  return {
    title: candle === 'week' ? 'Week of' : 'Date',
    bars: bars.map((bar) => ({ ...bar, head: bar.start })),
    before: all.length > bars.length ? all.at(-ROWS_TOLD - 1) : before,
  };
}

/** `2024-01-02 09:30` of `2024-01-02 09:30:00-05:00`. */
const TO_THE_MINUTE = 16;

function momentsOf({ bars: all, zone }: Moments): TableOf {
  const told = all.map((bar) => ({ ...bar, head: bar.time.slice(0, TO_THE_MINUTE), end: bar.time }));
  const bars = told.slice(-ROWS_TOLD);
  return { title: placeOf(zone), bars, before: told.at(-ROWS_TOLD - 1) };
}

function table({ title, bars, before }: TableOf, width: number): readonly string[] {
  const decimals = decimalsOf(bars);
  const price = (of: (bar: Prices) => string): readonly string[] =>
    bars.map((bar) => tablePrice(of(bar), decimals));
  const columns: readonly Column[] = [
    { title, cells: bars.map(({ head }) => head) },
    { title: 'Open', cells: price(({ open }) => open) },
    { title: 'High', cells: price(({ high }) => high) },
    { title: 'Low', cells: price(({ low }) => low) },
    { title: 'Close', cells: price(({ close }) => close) },
    {
      title: 'Change',
      cells: bars.map((bar, i) => {
        const percent = changeBetween(i === 0 ? before : bars[i - 1], bar)?.percent;
        return percent === undefined ? '' : percentText(percent);
      }),
    },
    { title: 'Volume', cells: bars.map(({ volume }) => tableVolume(volume)) },
  ];
  return rendered(fitting(columns, width));
}

function fitting(columns: readonly Column[], width: number): readonly Column[] {
  let left = columns;
  for (const title of GIVEN_UP_FIRST) {
    if (left.reduce((sum, column) => sum + 2 + widthOf(column), 0) <= width) break;
    left = left.filter((column) => column.title !== title);
  }
  return left;
}

function rendered(columns: readonly Column[]): readonly string[] {
  const rows = columns[0]?.cells.length ?? 0;
  const line = (of: (column: Column) => string): string =>
    columns.map((column) => `  ${of(column).padStart(widthOf(column))}`).join('');
  return [
    line(({ title }) => title),
    ...Array.from({ length: rows }, (_, i) => line(({ cells }) => cells[i] ?? '')),
  ];
}

function widthOf({ title, cells }: Column): number {
  return Math.max(title.length, ...cells.map(({ length }) => length));
}

/** At most this many digits are filled up with zeros, so that the points stand below one another. */
const MOST_DECIMALS = 6;

function decimalsOf(bars: readonly Prices[]): number {
  const prices = bars.flatMap(({ open, high, low, close }) => [open, high, low, close]);
  const decimals = prices.map((price) => (price.includes('.') ? price.length - price.indexOf('.') - 1 : 0));
  return Math.min(MOST_DECIMALS, Math.max(0, ...decimals));
}

function tablePrice(price: string, decimals: number): string {
  if (price.length > LONGEST_PRICE) return shownPrice(price);
  const [whole = '', fraction = ''] = plainDecimal(price).split('.');
  const padded = fraction.padEnd(decimals, '0');
  return padded === '' ? whole : `${whole}.${padded}`;
}

function tableVolume(volume: string): string {
  return Number(volume) < 1e12 ? count(Number(volume)) : compact(Number(volume));
}
