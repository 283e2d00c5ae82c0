/**
 * The quick way into a series of several lines a day: reads a file that is canonical to the byte, and gives up at the first byte that is
 * not, without a judgement. The property that holds it together with the patient way is in test/store/series/stamped-series.test.ts.
 */
import { type IsoDay, isIsoDay } from '#market/calendar/iso-day.js';
import { localText, offsetText } from '#market/calendar/local-stamps.js';
import { offsetAt } from '#market/calendar/zone.js';
import { endOfNumber } from './canonical-series.js';
import { headerOf, isNumberColumn, type LineShape } from './line-shape.js';
import type { Row } from './row.js';

const NEWLINE = 10;
const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const POINT = 46;
const DAY_LENGTH = 10;
/** ` 09:30:00`, and with nanoseconds `.123456789`. Other stamps with a fraction are left to the patient way. */
const TIME_LENGTH = 9;
const FRACTION_LENGTH = 10;
const OFFSET_LENGTH = 6;
const MS_PER_DAY = 86_400_000;

/** Undefined where the file is not canonical, or holds a value that is not a plain decimal number. */
export function readCanonicalStamped(bytes: Uint8Array, shape: LineShape): readonly Row[] | undefined {
  const header = Buffer.from(headerOf(shape));
  if (bytes.length < header.length || bytes[bytes.length - 1] !== NEWLINE) return undefined;
  if (header.compare(bytes, 0, header.length) !== 0) return undefined;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const endOfKey = shape.timeZone === undefined ? endOfDay : stampReader(buffer, shape.timeZone, shape);
  const isNumber = shape.columns.slice(1).map(isNumberColumn);
  const rows: Row[] = [];
  let day: IsoDay = '';
  let from = header.length;
  let at = header.length;
  while (at < bytes.length) {
    if (at === from || !sameBytes(bytes, from, at, DAY_LENGTH)) {
      if (at > from) rows.push({ day, values: buffer.toString('latin1', from, at - 1) });
      const next = buffer.toString('latin1', at, at + DAY_LENGTH);
      if (next <= day || !isIsoDay(next)) return undefined;
      day = next;
      from = at;
    }
    const key = endOfKey(at, day);
    if (key === -1) return undefined;
    const end = endOfCells(bytes, key, isNumber);
    if (end === -1) return undefined;
    at = end + 1;
  }
  if (at > from) rows.push({ day, values: buffer.toString('latin1', from, at - 1) });
  return rows;
}

/** Behind what a line begins with at `at`, of which the day is known; -1 where that is not canonical. */
type KeyReader = (at: number, day: IsoDay) => number;

const endOfDay: KeyReader = (at) => at + DAY_LENGTH;

/** Stamps with the offset that the zone has then, and ascending where they have to be. */
function stampReader(bytes: Buffer, timeZone: string, { nanoseconds, distinct }: LineShape): KeyReader {
  const untilOffset = DAY_LENGTH + TIME_LENGTH + (nanoseconds ? FRACTION_LENGTH : 0);
  let known: IsoDay = '';
  /** Of the whole of that day; undefined for one on which clocks may change. */
  let offset: DayOffset | undefined;
  let previous = -1;
  return (at, day) => {
    if (day !== known) {
      offset = offsetOf(day, timeZone);
      known = day;
      previous = -1;
    }
    let moment = secondOfDay(bytes, at + DAY_LENGTH);
    if (moment === -1 || (nanoseconds && !isFraction(bytes, at + DAY_LENGTH + TIME_LENGTH))) return -1;
    if (offset === undefined) {
      moment = exactSecond(bytes, at, at + untilOffset, timeZone);
      if (moment === -1) return -1;
    } else if (!hasText(bytes, at + untilOffset, offset.text)) return -1;
    if (distinct && moment <= previous) return -1;
    previous = moment;
    return at + untilOffset + OFFSET_LENGTH;
  };
}

/** Since the epoch, of a stamp of a day on which clocks may change, whose offset stands at `offsetStart`; -1 where that is not the zone's. */
function exactSecond(bytes: Buffer, start: number, offsetStart: number, timeZone: string): number {
  const whole = bytes.toString('latin1', start, start + DAY_LENGTH + TIME_LENGTH);
  const text = whole + bytes.toString('latin1', offsetStart, offsetStart + OFFSET_LENGTH);
  const instant = Date.parse(text.replace(' ', 'T')) / 1000;
  return !Number.isNaN(instant) && localText(instant, timeZone) === text ? instant : -1;
}

/** `.123456789`. */
function isFraction(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== POINT) return false;
  for (let i = at + 1; i < at + FRACTION_LENGTH; i++) {
    const digit = (bytes[i] ?? 0) - 48;
    if (digit < 0 || digit > 9) return false;
  }
  return true;
}

interface DayOffset {
  readonly text: Uint8Array;
}

function offsetOf(day: IsoDay, timeZone: string): DayOffset | undefined {
  const midnight = Date.parse(day);
  const before = offsetAt(midnight - MS_PER_DAY, timeZone);
  return before === offsetAt(midnight + 2 * MS_PER_DAY, timeZone)
    ? { text: Buffer.from(offsetText(before / 1000), 'latin1') }
    : undefined;
}

/** Of ` 09:30:00`; -1 for what is no time of day. */
function secondOfDay(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== 32 || bytes[at + 3] !== 58 || bytes[at + 6] !== 58) return -1;
  const hour = twoDigits(bytes, at + 1);
  const minute = twoDigits(bytes, at + 4);
  const second = twoDigits(bytes, at + 7);
  return hour < 24 && minute < 60 && second < 60 ? hour * 3600 + minute * 60 + second : -1;
}

/** 100 where they are none. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - 48;
  const ones = (bytes[at + 1] ?? 0) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : 100;
}

/** The place of the newline behind a comma and a canonical cell for each column, or -1. */
function endOfCells(bytes: Uint8Array, start: number, isNumber: readonly boolean[]): number {
  let at = start;
  for (let i = 0; i < isNumber.length; i++) {
    if (bytes[at] !== COMMA) return -1;
    at = isNumber[i] === true ? endOfNumber(bytes, at + 1) : endOfWord(bytes, at + 1);
    if (at === -1) return -1;
  }
  return bytes[at] === NEWLINE ? at : -1;
}

/** Behind ASCII without spaces round it, quoted where and only where that is needed (`"12,37"`), or nothing; -1 for anything else. */
function endOfWord(bytes: Uint8Array, start: number): number {
  if (bytes[start] === QUOTE) return endOfQuoted(bytes, start);
  let at = start;
  for (let byte = bytes[at] ?? 0; byte >= SPACE && byte < 127 && byte !== COMMA; byte = bytes[++at] ?? 0)
    if (byte === QUOTE) return -1;
  return at > start && (bytes[start] === SPACE || bytes[at - 1] === SPACE) ? -1 : at;
}

function endOfQuoted(bytes: Uint8Array, start: number): number {
  let isNeeded = false;
  for (let at = start + 1; ; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      if (bytes[at + 1] !== QUOTE)
        return isNeeded && !isBlank(bytes, start + 1) && !isBlank(bytes, at - 1) ? at + 1 : -1;
      at++;
    }
    if (byte === QUOTE || byte === COMMA || byte === NEWLINE) isNeeded = true;
    else if (byte < SPACE || byte >= 127) return -1;
  }
}

function isBlank(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === SPACE || bytes[at] === NEWLINE;
}

function sameBytes(bytes: Uint8Array, a: number, b: number, length: number): boolean {
  for (let i = length - 1; i >= 0; i--) if (bytes[a + i] !== bytes[b + i]) return false;
  return true;
}

function hasText(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false;
  return true;
}
