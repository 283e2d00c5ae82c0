/**
 * One pass over a price file's bytes: what it holds is counted, and its rows are moved together in place,
 * CRLF become LF, without blank lines and header lines. Nothing else of a row is changed, and no row is
 * dropped, however bad.
 */
import type { PriceCounts } from '#market/instruments/price-quality.js';
import { plainRow, values } from './plain-row.js';
import { numberAt } from './price-number.js';
import { missingSessions } from './us-sessions.js';

export interface Judged {
  readonly counts: PriceCounts;
  /** Where the rows that were moved together end. */
  readonly end: number;
}

export interface JudgeOptions {
  /** The rows begin here, and are moved to here. */
  readonly start: number;
  readonly end: number;
  /** Whether the New York calendar is the file's. */
  readonly isAmerican: boolean;
}

const [LF, CR, COMMA, LESS, ZERO] = [10, 13, 44, 60, 48];
/** Of a row: <TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT> */
/** The date's place, and that of the first of five numbers. */
const [DATE, OPEN] = [2, 4];
/** Behind the first of the numbers, the open. */
const [HIGH, LOW, CLOSE, VOLUME] = [1, 2, 3, 4];
const FIELDS = 10;
const JUMP = 2;
/** `X,D,20240102`: no row with a day is shorter, bytes. */
const LEAST_ROW = 8;
const DAY_LENGTH = 8;

export function judgePrices(bytes: Uint8Array, { start, end, isAmerican }: JudgeOptions): Judged {
  if (days.length < (end - start) / LEAST_ROW) days = new Int32Array((end - start) / LEAST_ROW + 1);
  let [rows, before] = [0, 0];
  let [invalidRows, nonNumericPrices, nonPositiveClose, missingVolume, zeroVolume] = [0, 0, 0, 0, 0];
  let [outsideRange, jumps, lastClose] = [0, 0, 0];
  let isAscending = true;
  let isRepeated = false;
  let to = start;
  /** A row as it was moved, and how much of it is before its date. */
  let [known, knownLength] = [start, 0];
  for (let from = start; from < end; from++) {
    const row = to;
    let dayEnd: number;
    const lineFeed = plainRow(bytes, from, known, knownLength);
    if (lineFeed > 0 && lineFeed < end) {
      const rowEnd = bytes[lineFeed - 1] === CR ? lineFeed - 1 : lineFeed;
      bytes.copyWithin(row, from, rowEnd);
      to = row + rowEnd - from;
      bytes[to++] = LF;
      from = lineFeed;
      dayEnd = row + knownLength + DAY_LENGTH;
    } else {
      const isHeader = bytes[from] === LESS;
      let fields = 0;
      for (; from < end; from++) {
        const byte = bytes[from] as number;
        if (byte === LF) break;
        // A field's end is kept as it is after the move.
        if (byte === COMMA && fields < FIELDS) commas[fields++] = to;
        bytes[to++] = byte;
      }
      while (to > row && bytes[to - 1] === CR) to--;
      if (to === row || isHeader) {
        to = row;
        continue;
      }
      // Fields that a row lacks are empty, at its end.
      while (fields < FIELDS) commas[fields++] = to;
      bytes[to++] = LF;
      for (let i = 0; i < values.length; i++)
        values[i] = numberAt(bytes, fieldStart(OPEN + i, to), commas[OPEN + i] as number);
      [known, knownLength] = [row, fieldStart(DATE, to) - row];
      dayEnd = commas[DATE] as number;
    }
    const day = dayAt(bytes, row + knownLength, dayEnd);
    if (day === 0) {
      invalidRows++;
      continue;
    }
    if (day < before) isAscending = false;
    else if (day === before) isRepeated = true;
    before = day;
    days[rows++] = day;
    const close = values[CLOSE] as number;
    if (Number.isNaN(close)) nonNumericPrices++;
    else {
      if (close <= 0) nonPositiveClose++;
      if (lastClose > 0 && close > 0 && (close > lastClose * JUMP || close * JUMP < lastClose)) jumps++;
      lastClose = close;
    }
    const volume = values[VOLUME] as number;
    if (Number.isNaN(volume)) missingVolume++;
    else if (volume === 0) zeroVolume++;
    const [open, high, low] = [values[0] as number, values[HIGH] as number, values[LOW] as number];
    if (low > open || low > close || high < open || high < close) outsideRange++;
  }
  const found = days.subarray(0, rows);
  const counts: PriceCounts = {
    rows,
    first: found[0] ?? 0,
    last: found[rows - 1] ?? 0,
    invalidRows,
    nonNumericPrices,
    nonPositiveClose,
    missingVolume,
    zeroVolume,
    duplicateDates: isRepeated || (!isAscending && new Set(found).size < rows),
    nonMonotonicDates: !isAscending,
    outsideRange,
    jumps,
    missingSessions: isAmerican && isAscending ? missingSessions(found) : 0,
  };
  return { counts, end: to };
}

/**
 * Where each field of the row at hand ends, and the days of the file at hand: kept from row to row and from
 * file to file.
 */
const commas = new Int32Array(FIELDS);
let days = new Int32Array(1 << 14);

/**
 * Behind the comma before it; a field that is lacking begins nowhere before `rowEnd`, the place of the row's
 * line feed and one.
 */
function fieldStart(field: number, rowEnd: number): number {
  return Math.min((commas[field - 1] as number) + 1, rowEnd - 1);
}

const MONTH_DAYS = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** `YYYYMMDD` as a number; 0 where it is no day of the calendar. */
function dayAt(bytes: Uint8Array, start: number, end: number): number {
  if (end - start !== DAY_LENGTH) return 0;
  const year = pairAt(bytes, start) * 100 + pairAt(bytes, start + 2);
  const [month, dayOfMonth] = [pairAt(bytes, start + 4), pairAt(bytes, start + 6)];
  if (!(year >= 1000 && month >= 1 && month <= 12 && dayOfMonth >= 1)) return 0;
  const isLeap = month === 2 && ((year % 4 === 0 && year % 100 !== 0) || year % 400 === 0);
  const length = (MONTH_DAYS[month] as number) + (isLeap ? 1 : 0);
  return dayOfMonth <= length ? year * 10_000 + month * 100 + dayOfMonth : 0;
}

/** Two digits; far below any number where they are none. */
function pairAt(bytes: Uint8Array, at: number): number {
  const [tens, ones] = [(bytes[at] as number) - ZERO, (bytes[at + 1] as number) - ZERO];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NO_DIGITS;
}

const NO_DIGITS = -1_000_000;
