/**
 * Reads a series file that other hands made, as csv-file.ts does: written by hand, by a spreadsheet, or by
 * yfinance, with its columns in any order. Stamps in another zone (yfinance's `download` writes UTC) and
 * without one are put into the dataset's own. What it is not sure to understand it refuses with the place, so
 * that nobody overwrites it.
 */
import { type IsoDay, isIsoDay } from '#market/calendar/iso-day.js';
import { localText, readLocalText, shownFraction } from '#market/calendar/local-stamps.js';
import { EVENING_HOUR, EVENING_MARK, tradeDateOfEvening } from '#market/calendar/trade-date.js';
import {
  type Cells,
  type CsvFile,
  cellsOf,
  dayCell,
  numberCell,
  readCsvFile,
  textCell,
  Unreadable,
  unlike,
} from './csv-file.js';
import { isNumberColumn, type LineShape } from './line-shape.js';
import { saysNothing } from './no-row.js';
import type { Row, UnreadableSeries } from './row.js';

interface ReadRows {
  readonly rows: readonly Row[];
  /** As in ParsedSeries. */
  readonly lost: readonly string[];
}

/** Never throws. An empty file, and one with a header only, is a series without rows. */
export function readForeign(
  bytes: Uint8Array,
  shape: LineShape,
): (ReadRows & { readonly ok: true }) | UnreadableSeries {
  try {
    const file = readCsvFile(bytes, shape.columns, shape.evenings && MARKED);
    const { rows, lost } = readRows(file, shape);
    return { ok: true, rows, lost: [...file.lost, ...lost] };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, reason: error.message };
    throw error;
  }
}

/** Stamps in quotes, which say whose an evening is. */
const MARKED = { like: /^\d{4}-\d\d-\d\d[T ]2[0-3]:/, mark: EVENING_MARK };

/** What a line begins with. */
interface Key {
  readonly day: IsoDay;
  readonly text: string;
  /** By which distinct lines are in order; '' where the line has only a day. */
  readonly instant: string;
}

interface Line extends Key {
  /** What follows. */
  readonly values: string;
}

function readRows({ records, columns }: CsvFile, shape: LineShape): ReadRows {
  const days = new Map<IsoDay, Line[]>();
  const lost = new Set<string>();
  const keyOf = keyReader(shape, lost);
  for (const record of records) {
    const cells = cellsOf(record, columns);
    const key = keyOf(cells);
    if (saysNothing(pricesOf(cells, shape))) {
      lost.add('rows without a price');
      continue;
    }
    const line = { ...key, values: valuesOf(cells, shape) };
    const lines = days.get(key.day);
    if (lines === undefined) days.set(key.day, [line]);
    else lines.push(line);
  }
  const rows = Array.from(days, ([day, lines]) => ({ day, values: valuesOfDay(lines, shape, lost) }));
  return { rows: rows.sort((a, b) => (a.day < b.day ? -1 : 1)), lost: [...lost] };
}

function valuesOf(cells: Cells, { columns }: LineShape): string {
  return columns
    .slice(1)
    .map((column, i) => (isNumberColumn(column) ? numberCell(cells, i + 1) : textCell(cells, i + 1)))
    .join(',');
}

/** None where the columns are other ones. */
function pricesOf({ texts }: Cells, { columns }: LineShape): readonly string[] {
  const open = columns.indexOf('Open');
  return open < 0 ? [] : texts.slice(open, open + 4);
}

/** As in Row. */
function valuesOfDay(lines: readonly Line[], shape: LineShape, lost: Set<string>): string {
  if (shape.onePerDay) return lines.at(-1)?.values ?? '';
  const kept = shape.distinct ? distinct(lines) : lines;
  if (kept.length < lines.length) lost.add('repeated stamps');
  return kept.map(({ text, values }) => `${text},${values}`).join('\n');
}

type KeyReader = (cells: Cells) => Key;

/** `lost`: gets what of the keys no row keeps. */
function keyReader(shape: LineShape, lost: Set<string>): KeyReader {
  const { timeZone, onePerDay } = shape;
  if (timeZone !== undefined) return (cells) => stampOf(cells, timeZone, shape);
  const clocks = new Map<IsoDay, string>();
  return (cells) => {
    const { day, time } = dayCell(cells);
    if (onePerDay) {
      const before = clocks.get(day);
      const clock = clockOf(time);
      if (before !== undefined && before !== clock)
        throw new Unreadable(
          `line ${cells.line} is a second time of day for ${day}: this is not a series of days`,
        );
      if (before !== undefined) lost.add('repeated days');
      clocks.set(day, clock);
    }
    if (time !== '') lost.add('time of day');
    return { day, text: day, instant: '' };
  };
}

/** Midnight, however it is written, says no more than a day without a time. */
function clockOf(time: string): string {
  return /^00:00(?::00(?:\.0+)?)?(?!\d)/.test(time) ? '' : time;
}

function stampOf(cells: Cells, timeZone: string, { nanoseconds, evenings }: LineShape): Key {
  const cell = cells.texts[0] ?? '';
  const isMarked = evenings !== undefined && cell.startsWith(EVENING_MARK);
  const time = readLocalText(isMarked ? cell.slice(EVENING_MARK.length) : cell, timeZone);
  const fraction = shownFraction(time?.fraction ?? '', nanoseconds ? 'always' : 'needed');
  const shown = time === undefined ? '' : localText(time.seconds, timeZone, fraction);
  const calendarDay = shown.slice(0, 10);
  if (time === undefined || !isIsoDay(calendarDay))
    throw unlike(cells, 0, 'a date and a time of day (YYYY-MM-DD HH:MM:SS-05:00)');
  const isEvening = evenings !== undefined && Number(shown.slice(11, 13)) >= EVENING_HOUR;
  const day = isEvening ? tradeDateOfEvening(calendarDay, evenings, isMarked) : calendarDay;
  const text = isEvening && isMarked ? `${EVENING_MARK}${shown}${EVENING_MARK}` : shown;
  // Seconds from 1900 on, made positive and as long as each other; a longer fraction is behind a shorter one
  // that begins it.
  return { day, text, instant: `${String(time.seconds + SINCE_1900).padStart(12, '0')}${fraction}` };
}

const SINCE_1900 = 2_300_000_000;

function distinct(lines: readonly Line[]): readonly Line[] {
  return lines
    .toSorted((a, b) => (a.instant < b.instant ? -1 : a.instant === b.instant ? 0 : 1))
    .filter(({ instant }, i, sorted) => sorted[i + 1]?.instant !== instant);
}
