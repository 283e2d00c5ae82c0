/**
 * The patient way in: reads series files that other hands made. Written by hand, by a spreadsheet, or by yfinance (extra columns, a
 * time of day behind the date, the three-line header of its newer versions), with `#` lines, a BOM, CRLF, columns in any order.
 * What it is not sure to understand it refuses with the place, so that nobody overwrites it.
 */
import { isUtf8 } from 'node:buffer';
import { createRequire } from 'node:module';
import { type IsoDay, isIsoDay } from '../calendar/iso-day.js';
import { isDecimal, plainDecimal } from '../flatfile/decimal.js';
import { dayBars, seriesColumns } from '../flatfile/series-form.js';
import type { Row } from './row.js';

type CsvParse = typeof import('csv-parse/sync');

export type ForeignSeries =
  | { readonly ok: true; readonly rows: readonly Row[]; readonly lost: readonly string[] }
  | { readonly ok: false; readonly reason: string };

interface CsvRecord {
  readonly cells: readonly string[];
  /** Of its last line, from 1. */
  readonly line: number;
}

/** Where, in a record, each of a series' columns stands, and what else there is. */
interface Columns {
  readonly wanted: readonly number[];
  readonly others: readonly string[];
  /** Columns of the header. */
  readonly width: number;
  /** The records before the first row. */
  readonly headerRecords: number;
}

/** A reason not to read the file. Stays within this module. */
class Unreadable extends Error {}

const DATE_NAMES: readonly string[] = ['date', 'datetime'];
const DATE_AND_TIME =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)? ?(?:Z|[+-]\d\d(?::?\d\d)?)?))?$/;

/** Never throws. An empty file, and one with a header only, is a series without rows. */
export function readForeignSeries(bytes: Uint8Array): ForeignSeries {
  try {
    const { records, comments } = readRecords(textOf(bytes));
    if (records.length === 0) return { ok: true, rows: [], lost: comments ? ['comments'] : [] };
    const columns = readHeader(records);
    const { rows, lost } = readRows(records.slice(columns.headerRecords), columns);
    return { ok: true, rows, lost: [...columns.others, ...(comments ? ['comments'] : []), ...lost] };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, reason: error.message };
    throw error;
  }
}

function textOf(bytes: Uint8Array): string {
  const nul = bytes.indexOf(0);
  if (nul !== -1) throw new Unreadable(`byte ${nul + 1} of ${bytes.length} is NUL: this is not text`);
  if (!isUtf8(bytes)) throw new Unreadable(`its ${bytes.length} bytes are not UTF-8 text`);
  return new TextDecoder().decode(bytes);
}

function readRecords(text: string): { readonly records: readonly CsvRecord[]; readonly comments: boolean } {
  const { parse } = createRequire(import.meta.url)('csv-parse/sync') as CsvParse;
  let parsed: { readonly record: readonly string[]; readonly info: { readonly lines: number } }[];
  try {
    parsed = parse(text, {
      comment: '#',
      comment_no_infix: true,
      info: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as typeof parsed;
  } catch (error) {
    // Not its message, which quotes the file raw.
    const { code = 'not CSV', lines = 1 } = error as { readonly code?: string; readonly lines?: number };
    throw new Unreadable(`line ${lines}: its quotes are not those of a CSV file (${code})`);
  }
  const records = parsed.map(({ record, info }) => ({
    cells: record.map((cell) => cell.trim()),
    line: info.lines,
  }));
  return {
    records: records.filter(({ cells }) => cells.some((cell) => cell !== '')),
    comments: /^[^\S\r\n]*#/m.test(text),
  };
}

function readHeader(records: readonly CsvRecord[]): Columns {
  const [first, second, third] = records;
  if (first === undefined) throw new Unreadable('it has no header');
  const names = first.cells.map((cell) => cell.toLowerCase());
  const isThreeLines =
    names[0] === 'price' &&
    second?.cells[0]?.toLowerCase() === 'ticker' &&
    DATE_NAMES.includes(third?.cells[0]?.toLowerCase() ?? '');
  // pandas leaves the name of an index without a name empty.
  if (isThreeLines || (names[0] === '' && !names.some((name) => DATE_NAMES.includes(name))))
    names[0] = 'date';
  if (!names.some((name) => DATE_NAMES.includes(name))) {
    throw new Unreadable(
      `line ${first.line} is no header: none of its ${names.length} columns is called Date`,
    );
  }
  const wanted = seriesColumns(dayBars).map((column) => columnOf(column, names, first.line));
  const others = first.cells
    .map((cell, index) => (cell === '' ? `column ${index + 1}` : cell))
    .filter((_, index) => !wanted.includes(index));
  return {
    wanted,
    width: names.length,
    others: isThreeLines ? [...others, 'ticker line'] : others,
    headerRecords: isThreeLines ? 3 : 1,
  };
}

function columnOf(column: string, names: readonly string[], line: number): number {
  const aliases = column === 'Date' ? DATE_NAMES : [column.toLowerCase()];
  const [index, another] = [...names.keys()].filter((i) => aliases.includes(names[i] ?? ''));
  if (index === undefined) {
    throw new Unreadable(`line ${line} has no column ${column} among its ${names.length}`);
  }
  if (another !== undefined) {
    throw new Unreadable(`line ${line} has two columns ${column}, ${index + 1} and ${another + 1}`);
  }
  return index;
}

function readRows(
  records: readonly CsvRecord[],
  columns: Columns,
): { readonly rows: readonly Row[]; readonly lost: readonly string[] } {
  const byDay = new Map<IsoDay, { readonly row: Row; readonly time: string }>();
  const lost = new Set<string>();
  for (const record of records) {
    const { day, time } = dayOf(record, columns);
    const before = byDay.get(day);
    if (before !== undefined && clockOf(before.time) !== clockOf(time)) {
      throw new Unreadable(
        `line ${record.line} is a second time of day for ${day}: this is not a series of days`,
      );
    }
    if (before !== undefined) lost.add('repeated days');
    if (time !== '') lost.add('time of day');
    byDay.set(day, { row: { day, values: valuesOf(record, columns) }, time });
  }
  const rows = Array.from(byDay.values(), ({ row }) => row).sort((a, b) => (a.day < b.day ? -1 : 1));
  return { rows, lost: [...lost] };
}

function dayOf(record: CsvRecord, columns: Columns): { readonly day: IsoDay; readonly time: string } {
  const needed = Math.max(...columns.wanted) + 1;
  if (record.cells.length < needed) {
    throw new Unreadable(`line ${record.line} has ${record.cells.length} columns; ${needed} are needed`);
  }
  // A decimal comma would look like this: 187,15 as two cells.
  if (record.cells.slice(columns.width).some((cell) => cell !== '')) {
    throw new Unreadable(
      `line ${record.line} has ${record.cells.length} columns, its header ${columns.width}`,
    );
  }
  const column = columns.wanted[0] ?? 0;
  const cell = record.cells[column] ?? '';
  const [, day = '', time = ''] = DATE_AND_TIME.exec(cell) ?? [];
  if (!isIsoDay(day)) {
    throw new Unreadable(
      `line ${record.line}, column ${column + 1}: ${shown(cell)} is not a date (YYYY-MM-DD)`,
    );
  }
  return { day, time };
}

/** Midnight, however it is written, says no more than a day without a time. */
function clockOf(time: string): string {
  return /^00:00(?::00(?:\.0+)?)?(?!\d)/.test(time) ? '' : time;
}

/** A value that is not a number (`NaN`, nothing, `-1.5`) is the user's, and stays as it is. */
function valuesOf(record: CsvRecord, columns: Columns): string {
  const values = columns.wanted.slice(1).map((column) => {
    const cell = record.cells[column] ?? '';
    if (/[",\r\n]/.test(cell)) {
      throw new Unreadable(`line ${record.line}, column ${column + 1}: ${shown(cell)} is not a number`);
    }
    return isDecimal(cell) ? plainDecimal(cell) : cell;
  });
  return values.join(',');
}

function shown(cell: string): string {
  return JSON.stringify(cell.length > 40 ? `${cell.slice(0, 40)}…` : cell);
}
