/** Stamps of our own form: a moment as the clocks of a zone show it (local-stamps.ts). */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { localText, offsetText } from '#market/calendar/local-stamps.js';
import { EVENING_MARK } from '#market/calendar/trade-date.js';
import { offsetAt } from '#market/calendar/zone.js';
import { DAY_LENGTH } from './line-days.js';
import type { LineShape } from './line-shape.js';

/**
 * ` 09:30:00`, and with nanoseconds `.123456789`. Other stamps with a fraction are left to read-foreign.ts.
 */
const TIME_LENGTH = 9;
const FRACTION_LENGTH = 10;
const OFFSET_LENGTH = 6;
const POINT = 46;
const MARK = EVENING_MARK.charCodeAt(0);
const MS_PER_DAY = 86_400_000;

/** Behind the stamp of the line at `at`, which is of `day`; -1 where that is not our own form. */
type StampReader = (at: number, day: IsoDay) => number;

/** Stamps with the offset that the zone has then, and ascending within a day where they have to be. */
export function stampReader(
  bytes: Buffer,
  timeZone: string,
  { nanoseconds, distinct }: LineShape,
): StampReader {
  const untilOffset = DAY_LENGTH + TIME_LENGTH + (nanoseconds ? FRACTION_LENGTH : 0);
  const offsets = new Map<IsoDay, DayOffset | undefined>();
  /** As the clocks show it, of the line before. */
  let shown: IsoDay = '';
  /** Of the whole of that day; undefined for one on which clocks may change. */
  let offset: DayOffset | undefined;
  let known: IsoDay = '';
  let previous = -1;
  return (at, day) => {
    const isMarked = bytes[at] === MARK;
    const start = isMarked ? at + 1 : at;
    const isNew = day !== known;
    if (isNew || !sameDay(bytes, start, shown)) {
      const before = shown;
      shown = bytes.toString('latin1', start, start + DAY_LENGTH);
      // A day begins on the evening before, and goes on behind midnight.
      if (!isNew && distinct && shown < before) return -1;
      if (!offsets.has(shown)) offsets.set(shown, offsetOf(shown, timeZone));
      offset = offsets.get(shown);
      known = day;
      previous = -1;
    }
    let moment = secondOfDay(bytes, start + DAY_LENGTH);
    if (moment === -1 || (nanoseconds && !isFraction(bytes, start + DAY_LENGTH + TIME_LENGTH))) return -1;
    if (offset === undefined) {
      moment = exactSecond(bytes, start, start + untilOffset, timeZone);
      if (moment === -1) return -1;
    } else if (!hasText(bytes, start + untilOffset, offset.text)) return -1;
    if (distinct && moment <= previous) return -1;
    previous = moment;
    const end = start + untilOffset + OFFSET_LENGTH;
    if (!isMarked) return end;
    return bytes[end] === MARK ? end + 1 : -1;
  };
}

function sameDay(bytes: Uint8Array, at: number, day: IsoDay): boolean {
  for (let i = DAY_LENGTH - 1; i >= 0; i--) if (bytes[at + i] !== day.charCodeAt(i)) return false;
  return true;
}

/**
 * Since the epoch, of a stamp of a day on which clocks may change, whose offset stands at `offsetStart`; -1
 * where that is not the zone's.
 */
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

function hasText(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false;
  return true;
}
