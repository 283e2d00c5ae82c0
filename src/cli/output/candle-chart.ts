/**
 * Candles and volume in text. A candle is a column: its body is heavy, its wick thin, each to half a row. A
 * hollow body closed higher, a filled one lower, so that nothing depends on colour. No line reaches the last
 * column.
 */
import { type IsoDay, monthOf, weekday } from '#market/calendar/iso-day.js';
import { compareDecimal } from '#market/records/decimal.js';
import type { Bar } from '#tasks/show/bar.js';
import { byCount, byMonth, byWeek } from '#tasks/show/group.js';
import { compact, type PriceScale, priceScale } from './price-axis.js';

export interface ChartStyle {
  /** Width of the terminal, from 20 up. */
  readonly columns: number;
  /** Box characters; else ASCII. */
  readonly unicode: boolean;
  readonly colour: boolean;
}

export interface CandleChart {
  readonly lines: readonly string[];
  /** What one candle is: `1 session`, `2 sessions`, `1 week`. */
  readonly candle: string;
  /** What the shapes mean. */
  readonly legend: string;
}

const PRICE_ROWS = 12;
const VOLUME_ROWS = 3;
/** Room of the widest volume's label (price-axis.ts, compact). */
const VOLUME_LABEL = 6;
/** Up to so many sessions go into a candle before it is a week's or a month's. */
const MOST_TOGETHER = 4;
const WIDEST_STEP = 3;

/** `bars` ascending, at least one; `unit`: what each of them is. */
export function candleChart(bars: readonly Bar[], unit: 'session' | 'week', style: ChartStyle): CandleChart {
  const glyphs = style.unicode ? BOX : ASCII;
  const low = Math.min(...bars.flatMap(({ open, low: least, close }) => [open, least, close].map(Number)));
  const high = Math.max(...bars.flatMap(({ open, high: most, close }) => [open, most, close].map(Number)));
  const scale = priceScale(low, high, PRICE_ROWS);
  // The last column stays free: some terminals break the line behind it.
  const room = Math.max(4, style.columns - 3 - Math.max(scale.labelWidth, VOLUME_LABEL));
  const { candles, candle } = fitted(bars, unit, room);
  const step = Math.max(1, Math.min(WIDEST_STEP, Math.floor(room / candles.length)));
  const plot: Plot = { candles, step, width: candles.length * step, scale, glyphs, colour: style.colour };
  return {
    lines: [...priceLines(plot), ...volumeLines(plot), ...dateLines(plot)],
    candle,
    legend: `${glyphs.hollow} up ${glyphs.body} down`,
  };
}

interface Plot {
  readonly candles: readonly Bar[];
  /** Columns a candle. */
  readonly step: number;
  readonly width: number;
  readonly scale: PriceScale;
  readonly glyphs: Glyphs;
  readonly colour: boolean;
}

interface Glyphs {
  readonly hollow: string;
  readonly body: string;
  readonly flat: string;
  /** By what stands in the upper and in the lower half of the row: nothing, wick or body. */
  readonly filled: readonly (readonly string[])[];
  /** From nothing to a full row. */
  readonly volume: readonly string[];
  readonly axis: string;
  readonly tick: string;
  readonly floor: string;
  readonly floorTick: string;
  readonly corner: string;
}

const BOX: Glyphs = {
  hollow: '║',
  body: '┃',
  flat: '┼',
  filled: [
    [' ', '╷', '╻'],
    ['╵', '│', '╽'],
    ['╹', '╿', '┃'],
  ],
  volume: [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  axis: '│',
  tick: '┤',
  floor: '─',
  floorTick: '┴',
  corner: '┘',
};

const ASCII: Glyphs = {
  hollow: 'o',
  body: '#',
  flat: '+',
  filled: [
    [' ', '|', '#'],
    ['|', '|', '#'],
    ['#', '#', '#'],
  ],
  volume: [' ', '.', ':', '#'],
  axis: '|',
  tick: '+',
  floor: '-',
  floorTick: '+',
  corner: '+',
};

/** As many bars to a candle as it takes to fit into the columns. */
function fitted(
  bars: readonly Bar[],
  unit: 'session' | 'week',
  room: number,
): { readonly candles: readonly Bar[]; readonly candle: string } {
  const size = Math.ceil(bars.length / room);
  if (size <= 1) return { candles: bars, candle: `1 ${unit}` };
  if (size > MOST_TOGETHER) {
    const weeks = unit === 'session' ? byWeek(bars) : bars;
    if (weeks.length <= room) return { candles: weeks, candle: '1 week' };
    const months = byMonth(bars);
    if (months.length <= room) return { candles: months, candle: '1 month' };
  }
  return { candles: byCount(bars, size), candle: `${size} ${unit}s` };
}

type Direction = 'up' | 'down' | 'flat';

function directionOf({ open, close }: Bar): Direction {
  const order = compareDecimal(close, open);
  return order > 0 ? 'up' : order < 0 ? 'down' : 'flat';
}

const NOTHING = 0;
const WICK = 1;
const BODY = 2;

function priceLines(plot: Plot): string[] {
  const { candles, scale } = plot;
  const shapes = candles.map((candle) => {
    const [open, close] = [Number(candle.open), Number(candle.close)];
    const half = scale.halfRowOf;
    return {
      direction: directionOf(candle),
      low: half(Math.min(Number(candle.low), open, close)),
      high: half(Math.max(Number(candle.high), open, close)),
      bottom: half(Math.min(open, close)),
      top: half(Math.max(open, close)),
    };
  });
  const lines: string[] = [];
  for (let row = PRICE_ROWS - 1; row >= 0; row--) {
    const cells = shapes.map(({ direction, low, high, bottom, top }) => {
      const at = (half: number): number =>
        half >= bottom && half <= top ? BODY : half >= low && half <= high ? WICK : NOTHING;
      return { direction, glyph: cellGlyph(plot.glyphs, direction, at(2 * row + 1), at(2 * row)) };
    });
    lines.push(axisLine(plot, cells, scale.labels.get(row)));
  }
  return lines;
}

function cellGlyph(glyphs: Glyphs, direction: Direction, upper: number, lower: number): string {
  const isBody = upper === BODY || lower === BODY;
  if (isBody && direction === 'up') return glyphs.hollow;
  if (isBody && direction === 'flat') return glyphs.flat;
  return glyphs.filled[upper]?.[lower] ?? ' ';
}

function volumeLines(plot: Plot): string[] {
  const { candles, glyphs } = plot;
  const volumes = candles.map(({ volume }) => Number(volume));
  const most = Math.max(...volumes);
  const steps = glyphs.volume.length - 1;
  const levels = volumes.map((volume) =>
    volume > 0 ? Math.max(1, Math.round((volume / most) * VOLUME_ROWS * steps)) : 0,
  );
  const lines: string[] = [];
  for (let row = VOLUME_ROWS - 1; row >= 0; row--) {
    const cells = candles.map((candle, i) => ({
      direction: directionOf(candle),
      glyph: glyphs.volume[Math.min(steps, Math.max(0, (levels[i] ?? 0) - row * steps))] ?? ' ',
    }));
    lines.push(axisLine(plot, cells, row === VOLUME_ROWS - 1 && most > 0 ? compact(most) : undefined));
  }
  return lines;
}

interface Cell {
  readonly direction: Direction;
  readonly glyph: string;
}

const CODES: Readonly<Record<Direction, string>> = { up: '\x1b[32m', down: '\x1b[31m', flat: '' };
const RESET = '\x1b[0m';

function axisLine({ step, glyphs, colour }: Plot, cells: readonly Cell[], label: string | undefined): string {
  const between = ' '.repeat(step - 1);
  const drawn = cells.map(({ direction, glyph }) => {
    const code = CODES[direction];
    return `${colour && glyph !== ' ' && code !== '' ? `${code}${glyph}${RESET}` : glyph}${between}`;
  });
  return `${drawn.join('')}${label === undefined ? glyphs.axis : `${glyphs.tick} ${label}`}`;
}

/** The floor, with a mark over each date, and the dates. */
function dateLines({ candles, step, width, glyphs }: Plot): string[] {
  let marks = '';
  let dates = '';
  for (const { index, label } of dateLabels(candles)) {
    const at = index * step;
    if (at + label.length > width || (dates !== '' && at < dates.length + 2)) continue;
    marks = `${marks.padEnd(at, glyphs.floor)}${glyphs.floorTick}`;
    dates = `${dates.padEnd(at)}${label}`;
  }
  const floor = `${marks.padEnd(width, glyphs.floor)}${glyphs.corner}`;
  return dates === '' ? [floor] : [floor, dates];
}

/** Where a year, a month or a week begins, whichever of them there are enough of. */
function dateLabels(candles: readonly Bar[]): readonly { readonly index: number; readonly label: string }[] {
  const months = changes(candles, monthOf);
  if (months.length > 36) return changes(candles, (day) => day.slice(0, 4));
  if (months.length > 2) return months;
  return candles.flatMap(({ start }, index) =>
    index === 0 || weekday(start) < weekday(candles[index - 1]?.start ?? start)
      ? [{ index, label: start.slice(5) }]
      : [],
  );
}

/**
 * The candles in which a new label begins; the first, which began before it, only where the label is its own.
 */
function changes(
  candles: readonly Bar[],
  labelOf: (day: IsoDay) => string,
): readonly { readonly index: number; readonly label: string }[] {
  return candles.flatMap(({ start }, index) => {
    const label = labelOf(start);
    const before = candles[index - 1];
    return before !== undefined && labelOf(before.start) !== label ? [{ index, label }] : [];
  });
}
