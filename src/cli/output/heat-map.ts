/**
 * Coverage as a calendar: a row a year, a column a month, and a sign for how much of the month's due sessions
 * is here. Legible without colour, and at any width from 20 columns on; where there is room, the number of
 * days that are missing stands behind the sign.
 */
import type { CoverMonth } from '#tasks/status/cover-months.js';

export interface HeatMapStyle {
  /** No line is wider. */
  readonly width: number;
  /** Signs of plain ASCII. */
  readonly ascii: boolean;
  readonly color: boolean;
}

/** `all`: of the sessions that are due; `idle`: none of the month is due yet, or in the range. */
type Level = 'all' | 'most' | 'some' | 'few' | 'none' | 'idle';

interface Look {
  readonly sign: string;
  readonly ascii: string;
  readonly means: string;
  /** SGR parameter. */
  readonly color: string;
}

const LOOKS: Readonly<Record<Level, Look>> = {
  all: { sign: '█', ascii: '#', means: 'all', color: '32' },
  most: { sign: '▓', ascii: '+', means: '3/4 or more', color: '33' },
  some: { sign: '▒', ascii: '=', means: '1/3 or more', color: '33' },
  few: { sign: '░', ascii: ':', means: 'less', color: '33' },
  none: { sign: '×', ascii: 'x', means: 'none', color: '31' },
  idle: { sign: '·', ascii: '.', means: 'not due or not asked for', color: '2' },
};

const NAMES = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

interface Columns {
  readonly cell: number;
  readonly gap: number;
  readonly signs: number;
  readonly numbers: boolean;
}

/** The first that fits: two signs and a number, one and a number, two signs, one, and one without a gap. */
const COLUMNS: readonly Columns[] = [
  { cell: 5, gap: 1, signs: 2, numbers: true },
  { cell: 4, gap: 1, signs: 1, numbers: true },
  { cell: 3, gap: 1, signs: 2, numbers: false },
  { cell: 2, gap: 1, signs: 1, numbers: false },
  { cell: 1, gap: 0, signs: 1, numbers: false },
];
const YEAR = 4;

/** How much of a month is here. Accepted holes lack like any other. */
export function levelOf(month: CoverMonth | undefined): Level {
  if (month === undefined) return 'idle';
  const due = month.sessions - month.pending;
  if (due <= 0) return 'idle';
  if (month.done >= due) return 'all';
  const share = month.done / due;
  return share >= 3 / 4 ? 'most' : share >= 1 / 3 ? 'some' : share > 0 ? 'few' : 'none';
}

/** `months` ascending; none: no line. */
export function heatMap(months: readonly CoverMonth[], style: HeatMapStyle): readonly string[] {
  const byMonth = new Map(months.map((month) => [month.month, month]));
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined) return [];
  const columns = COLUMNS.find(({ cell }) => YEAR + 12 * cell <= style.width) ?? narrowest();
  const lines = [header(columns)];
  for (let year = yearOf(first); year <= yearOf(last); year++) {
    const cells = NAMES.map((_, i) => byMonth.get(`${year}-${String(i + 1).padStart(2, '0')}`));
    lines.push(trimmed(`${year}${cells.map((month) => drawn(month, columns, style)).join('')}`));
  }
  return lines;
}

/** What the signs that a map of these months uses mean, as parts of a line. */
export function legend(months: readonly CoverMonth[], style: HeatMapStyle): readonly string[] {
  const used = new Set([...months.map(levelOf), 'idle']);
  const levels = (Object.keys(LOOKS) as Level[]).filter((level) => used.has(level));
  const parts = levels.map((level) => `${signOf(level, style)} ${LOOKS[level].means}`);
  const columns = COLUMNS.find(({ cell }) => YEAR + 12 * cell <= style.width);
  const numbered = columns?.numbers === true && months.some(({ holes }) => holes > 0);
  return numbered ? [...parts, 'number: missing days'] : parts;
}

function narrowest(): Columns {
  return { cell: 1, gap: 0, signs: 1, numbers: false };
}

function yearOf({ month }: CoverMonth): number {
  return Number(month.slice(0, YEAR));
}

function header({ cell, gap }: Columns): string {
  const names = NAMES.map((name) => ' '.repeat(gap) + name.slice(0, cell - gap).padEnd(cell - gap));
  return trimmed(' '.repeat(YEAR) + names.join(''));
}

function drawn(month: CoverMonth | undefined, columns: Columns, style: HeatMapStyle): string {
  const { cell, gap, signs, numbers } = columns;
  const level = levelOf(month);
  const holes = numbers && month !== undefined && month.holes > 0 ? String(month.holes) : '';
  const text = `${signOf(level, style).repeat(signs)}${holes}`;
  const rest = ' '.repeat(Math.max(0, cell - gap - text.length));
  const { color } = LOOKS[level];
  return `${' '.repeat(gap)}${style.color ? `\x1b[${color}m${text}\x1b[0m` : text}${rest}`;
}

function signOf(level: Level, { ascii }: HeatMapStyle): string {
  return ascii ? LOOKS[level].ascii : LOOKS[level].sign;
}

function trimmed(line: string): string {
  return line.replace(/ +$/, '');
}
