/**
 * One pass over a price file's bytes: what it holds is counted, and its rows are moved together in place, CRLF become LF, without blank
 * lines and header lines. Nothing else of a row is changed, and no row is dropped, however bad.
 */
import type { PriceCounts } from '#market/instruments/price-quality.js';
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

const [LF, CR, COMMA, LESS, ZERO, NINE] = [10, 13, 44, 60, 48, 57];
/** Of a row: <TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT> */
const [DATE, OPEN, HIGH, LOW, CLOSE, VOLUME] = [2, 4, 5, 6, 7, 8];
const FIELDS = 10;
const JUMP = 2;

export function judgePrices(bytes: Uint8Array, { start, end, isAmerican }: JudgeOptions): Judged {
  const commas = new Int32Array(FIELDS);
  const days: number[] = [];
  let [invalidRows, nonNumericPrices, nonPositiveClose, missingVolume, zeroVolume] = [0, 0, 0, 0, 0];
  let [outsideRange, jumps, lastClose] = [0, 0, 0];
  let isAscending = true;
  let isRepeated = false;
  let to = start;
  for (let from = start; from < end; ) {
    const first = bytes[from] as number;
    let at = from;
    let n = 0;
    let byte = 0;
    const row = to;
    for (; at < end; at++) {
      byte = bytes[at] as number;
      if (byte === LF) break;
      // A field's end is kept as it is after the move.
      if (byte === COMMA && n < FIELDS) commas[n++] = to;
      bytes[to++] = byte;
    }
    from = at + 1;
    while (to > row && bytes[to - 1] === CR) to--;
    if (to === row || first === LESS) {
      to = row;
      continue;
    }
    const rowEnd = to;
    bytes[to++] = LF;
    const fieldStart = (field: number): number => (field <= n ? (commas[field - 1] as number) + 1 : rowEnd);
    const fieldEnd = (field: number): number => (field < n ? (commas[field] as number) : rowEnd);
    const day = dayAt(bytes, fieldStart(DATE), fieldEnd(DATE));
    if (day === 0) {
      invalidRows++;
      continue;
    }
    const before = days.length === 0 ? 0 : (days[days.length - 1] as number);
    if (day < before) isAscending = false;
    else if (day === before) isRepeated = true;
    days.push(day);
    const close = numberAt(bytes, fieldStart(CLOSE), fieldEnd(CLOSE));
    if (Number.isNaN(close)) nonNumericPrices++;
    else {
      if (close <= 0) nonPositiveClose++;
      if (lastClose > 0 && close > 0 && (close > lastClose * JUMP || close * JUMP < lastClose)) jumps++;
      lastClose = close;
    }
    const volume = numberAt(bytes, fieldStart(VOLUME), fieldEnd(VOLUME));
    if (Number.isNaN(volume)) missingVolume++;
    else if (volume === 0) zeroVolume++;
    const open = numberAt(bytes, fieldStart(OPEN), fieldEnd(OPEN));
    const high = numberAt(bytes, fieldStart(HIGH), fieldEnd(HIGH));
    const low = numberAt(bytes, fieldStart(LOW), fieldEnd(LOW));
    if (low > open || low > close || high < open || high < close) outsideRange++;
  }
  const counts: PriceCounts = {
    rows: days.length,
    first: days[0] ?? 0,
    last: days.at(-1) ?? 0,
    invalidRows,
    nonNumericPrices,
    nonPositiveClose,
    missingVolume,
    zeroVolume,
    duplicateDates: isRepeated || (!isAscending && new Set(days).size < days.length),
    nonMonotonicDates: !isAscending,
    outsideRange,
    jumps,
    missingSessions: isAmerican && isAscending ? missingSessions(days) : 0,
  };
  return { counts, end: to };
}

const MONTH_DAYS = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** `YYYYMMDD` as a number; 0 where it is no day of the calendar. */
function dayAt(bytes: Uint8Array, start: number, end: number): number {
  if (end - start !== 8) return 0;
  let day = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte < ZERO || byte > NINE) return 0;
    day = day * 10 + (byte - ZERO);
  }
  const [year, month, dayOfMonth] = [Math.floor(day / 10_000), Math.floor(day / 100) % 100, day % 100];
  if (year < 1000 || month < 1 || month > 12 || dayOfMonth < 1) return 0;
  if (dayOfMonth <= (MONTH_DAYS[month] as number)) return day;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && dayOfMonth === 29 && isLeap ? day : 0;
}
