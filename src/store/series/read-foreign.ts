/**
 * The patient way into a series of several lines a day: files that other hands made, as csv-file.ts reads them. Stamps in another zone
 * (yfinance's `download` writes UTC) and without one are put into the dataset's own.
 */
import { type IsoDay, isIsoDay } from '#market/calendar/iso-day.js';
import { localText, readLocalText, shownFraction } from '#market/calendar/local-stamps.js';
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
import type { ForeignSeries } from './foreign-series.js';
import { isNumberColumn, type LineShape } from './line-shape.js';
import type { Row } from './row.js';

interface Line {
  readonly day: IsoDay;
  /** By which distinct lines are in order; '' where the line has only a day. */
  readonly instant: string;
  readonly text: string;
}

/** Never throws. An empty file, and one with a header only, is a series without rows. */
export function readForeignStamped(bytes: Uint8Array, shape: LineShape): ForeignSeries {
  try {
    const file = readCsvFile(bytes, shape.columns);
    const { rows, lost } = readRows(file, shape);
    return { ok: true, rows, lost: [...file.lost, ...lost] };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, reason: error.message };
    throw error;
  }
}

function readRows(
  { records, columns }: CsvFile,
  shape: LineShape,
): { readonly rows: readonly Row[]; readonly lost: readonly string[] } {
  const days = new Map<IsoDay, Line[]>();
  const lost = new Set<string>();
  for (const record of records) {
    const cells = cellsOf(record, columns);
    const key =
      shape.timeZone === undefined ? dateOf(cells, lost) : stampOf(cells, shape.timeZone, shape.nanoseconds);
    const values = shape.columns
      .slice(1)
      .map((column, i) => (isNumberColumn(column) ? numberCell(cells, i + 1) : textCell(cells, i + 1)));
    const line: Line = {
      day: key.text.slice(0, 10),
      instant: key.instant,
      text: [key.text, ...values].join(','),
    };
    const lines = days.get(line.day);
    if (lines === undefined) days.set(line.day, [line]);
    else lines.push(line);
  }
  const rows = Array.from(days, ([day, lines]): Row => {
    const kept = shape.distinct ? distinct(lines) : lines;
    if (kept.length < lines.length) lost.add('repeated stamps');
    return { day, values: kept.map(({ text }) => text).join('\n') };
  });
  return { rows: rows.sort((a, b) => (a.day < b.day ? -1 : 1)), lost: [...lost] };
}

interface Key {
  readonly text: string;
  readonly instant: string;
}

function stampOf(cells: Cells, timeZone: string, nanoseconds: boolean): Key {
  const time = readLocalText(cells.texts[0] ?? '', timeZone);
  const fraction = shownFraction(time?.fraction ?? '', nanoseconds ? 'always' : 'needed');
  const text = time === undefined ? '' : localText(time.seconds, timeZone, fraction);
  if (time === undefined || !isIsoDay(text.slice(0, 10)))
    throw unlike(cells, 0, 'a date and a time of day (YYYY-MM-DD HH:MM:SS-05:00)');
  // Seconds from 1900 on, made positive and as long as each other; a longer fraction is behind a shorter one that begins it.
  return { text, instant: `${String(time.seconds + SINCE_1900).padStart(12, '0')}${fraction}` };
}

const SINCE_1900 = 2_300_000_000;
function dateOf(cells: Cells, lost: Set<string>): Key {
  const { day, time } = dayCell(cells);
  if (time !== '') lost.add('time of day');
  return { text: day, instant: '' };
}

function distinct(lines: readonly Line[]): readonly Line[] {
  return lines
    .toSorted((a, b) => (a.instant < b.instant ? -1 : a.instant === b.instant ? 0 : 1))
    .filter(({ instant }, i, sorted) => sorted[i + 1]?.instant !== instant);
}
