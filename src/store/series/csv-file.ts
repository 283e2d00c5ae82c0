/**
 * A CSV file that other hands made, as records and the places of the columns that are wanted: any order and
 * case of the columns, others beside them, `#` lines, a BOM, CRLF, the three-line header of yfinance's newer
 * versions. What it is not sure to understand it refuses with the place (`Unreadable`).
 */
import { isUtf8 } from 'node:buffer';
import { createRequire } from 'node:module';
import { type IsoDay, isIsoDay } from '#market/calendar/iso-day.js';
import { isDecimal, plainDecimal } from '#market/records/decimal.js';

type CsvParse = typeof import('csv-parse/sync');

export interface CsvFile {
  /** Without those of the header. */
  readonly records: readonly CsvRecord[];
  readonly columns: CsvColumns;
  /** What no row keeps: names of other columns, 'comments'. */
  readonly lost: readonly string[];
}

export interface CsvRecord {
  readonly cells: readonly string[];
  /** Of its last line, from 1. */
  readonly line: number;
}

export interface CsvColumns {
  /** Where, in a record, each wanted column stands. */
  readonly wanted: readonly number[];
  /** Columns of the header. */
  readonly width: number;
}

/** A reason not to read the file. */
export class Unreadable extends Error {}

const DATE_NAMES: readonly string[] = ['date', 'datetime'];
const DATE_AND_TIME =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)? ?(?:Z|[+-]\d\d(?::?\d\d)?)?))?$/;

/**
 * `names`: the wanted columns, the first of which is the date's. An empty file has no records. `marks`: what
 * the cells begin with that are like it and stand in quotes; where the header stands in quotes too, quotes say
 * nothing, and no cell is marked. Throws Unreadable.
 */
export function readCsvFile(bytes: Uint8Array, names: readonly string[], marks?: Marks): CsvFile {
  const { records, comments } = readRecords(textOf(bytes), marks);
  const lost = comments ? ['comments'] : [];
  if (records.length === 0) return { records, columns: { wanted: [], width: 0 }, lost };
  const { others, headerRecords, ...columns } = readHeader(records, names);
  return { records: records.slice(headerRecords), columns, lost: [...others, ...lost] };
}

export interface Marks {
  readonly like: RegExp;
  readonly mark: string;
}

/** A record's wanted cells, in the order of the names that were asked for; all of them are there. */
export interface Cells {
  readonly texts: readonly string[];
  readonly line: number;
  readonly columns: CsvColumns;
}

/** Throws Unreadable. */
export function cellsOf({ cells, line }: CsvRecord, columns: CsvColumns): Cells {
  const needed = Math.max(...columns.wanted) + 1;
  if (cells.length < needed)
    throw new Unreadable(`line ${line} has ${cells.length} columns; ${needed} are needed`);
  // A decimal comma would look like this: 187,15 as two cells.
  if (cells.slice(columns.width).some((cell) => cell !== ''))
    throw new Unreadable(`line ${line} has ${cells.length} columns, its header ${columns.width}`);
  return { texts: columns.wanted.map((column) => cells[column] ?? ''), line, columns };
}

/** The day that a record begins with, and what stands behind it: a time of day, or ''. Throws Unreadable. */
export function dayCell(cells: Cells): { readonly day: IsoDay; readonly time: string } {
  const [, day = '', time = ''] = DATE_AND_TIME.exec(cells.texts[0] ?? '') ?? [];
  if (!isIsoDay(day)) throw unlike(cells, 0, 'a date (YYYY-MM-DD)');
  return { day, time };
}

/**
 * The `i`-th cell in canonical decimal text. A value that is not a number (`NaN`, nothing, `-1.5`) is the
 * user's, and stays as it is. Throws Unreadable for what no line of ours can hold.
 */
export function numberCell(cells: Cells, i: number): string {
  const cell = cells.texts[i] ?? '';
  if (/[",\r\n]/.test(cell)) throw unlike(cells, i, 'a number');
  return isDecimal(cell) ? plainDecimal(cell) : cell;
}

/** The `i`-th cell as it is, quoted where it has to be (`"12,37"`). */
export function textCell({ texts }: Cells, i: number): string {
  const cell = texts[i] ?? '';
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** `line 3, column 1: "x" is not a number`. */
export function unlike({ texts, line, columns }: Cells, i: number, what: string): Unreadable {
  const cell = texts[i] ?? '';
  const shown = JSON.stringify(cell.length > 40 ? `${cell.slice(0, 40)}…` : cell);
  return new Unreadable(`line ${line}, column ${(columns.wanted[i] ?? 0) + 1}: ${shown} is not ${what}`);
}

/** A field in quotes, in which a line that begins with `#` is no comment. */
const QUOTED = /(?<=^|,)"(?:[^"]|"")*"/gm;

function textOf(bytes: Uint8Array): string {
  const nul = bytes.indexOf(0);
  if (nul !== -1) throw new Unreadable(`byte ${nul + 1} of ${bytes.length} is NUL: this is not text`);
  if (!isUtf8(bytes)) throw new Unreadable(`its ${bytes.length} bytes are not UTF-8 text`);
  return new TextDecoder().decode(bytes);
}

function readRecords(
  text: string,
  marks: Marks | undefined,
): { readonly records: readonly CsvRecord[]; readonly comments: boolean } {
  const { parse } = createRequire(import.meta.url)('csv-parse/sync') as CsvParse;
  let parsed: { readonly record: readonly string[]; readonly info: { readonly lines: number } }[];
  let quotesSay = marks !== undefined;
  try {
    parsed = parse(text, {
      ...(marks !== undefined && {
        cast: (cell: string, { quoting, records }: { quoting: boolean; records: number }) => {
          if (quoting && records === 0) quotesSay = false;
          return quoting && quotesSay && marks.like.test(cell) ? `${marks.mark}${cell}` : cell;
        },
      }),
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
    comments: /^[^\S\r\n]*#/m.test(text.replace(QUOTED, '')),
  };
}

interface Header extends CsvColumns {
  readonly others: readonly string[];
  /** The records before the first row. */
  readonly headerRecords: number;
}

function readHeader(records: readonly CsvRecord[], wantedNames: readonly string[]): Header {
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
  const wanted = wantedNames.map((column) => columnOf(column, names, first.line));
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
  const name = column.toLowerCase();
  const aliases = DATE_NAMES.includes(name) ? DATE_NAMES : [name];
  const [index, another] = [...names.keys()].filter((i) => aliases.includes(names[i] ?? ''));
  if (index === undefined) {
    throw new Unreadable(`line ${line} has no column ${column} among its ${names.length}`);
  }
  if (another !== undefined) {
    throw new Unreadable(`line ${line} has two columns ${column}, ${index + 1} and ${another + 1}`);
  }
  return index;
}
