/**
 * Which day a line of our own form is of, from its first bytes alone: the calendar day that it begins with,
 * or, in the evening of a market whose trade date begins before midnight, one of two (trade-date.ts).
 */
import { type IsoDay, isIsoDay } from '#market/calendar/iso-day.js';
import { EVENING_MARK, tradeDateOfEvening } from '#market/calendar/trade-date.js';
import type { LineShape } from './line-shape.js';

export const DAY_LENGTH = 10;

/** '' where the line begins with no day, or is marked and not of an evening. */
export type LineDays = (bytes: Buffer, at: number) => IsoDay | '';

/** Lines of a day come together: only the first of them is looked at closely. */
export function newLineDays({ evenings }: Pick<LineShape, 'evenings'>): LineDays {
  const known = { bytes: Buffer.alloc(DAY_LENGTH), isMarked: false, isEvening: false };
  let day: IsoDay | '' = '';
  return (bytes, at) => {
    const isMarked = evenings !== undefined && bytes[at] === MARK;
    const start = isMarked ? at + 1 : at;
    const isEvening = evenings !== undefined && isFrom20(bytes, start + DAY_LENGTH + 1);
    if (
      isMarked === known.isMarked &&
      isEvening === known.isEvening &&
      sameBytes(bytes, start, known.bytes) &&
      day !== ''
    )
      return day;
    const calendarDay = bytes.toString('latin1', start, start + DAY_LENGTH);
    if (!isIsoDay(calendarDay) || (isMarked && !isEvening)) day = '';
    else if (evenings === undefined || !isEvening) day = calendarDay;
    else day = tradeDateOfEvening(calendarDay, evenings, isMarked);
    bytes.copy(known.bytes, 0, start, start + DAY_LENGTH);
    known.isMarked = isMarked;
    known.isEvening = isEvening;
    return day;
  };
}

const MARK = EVENING_MARK.charCodeAt(0);
const TWO = 50;
const ZERO = 48;

/** Whether the hour that stands there is 20 or later; whether it is one at all is looked at elsewhere. */
function isFrom20(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === TWO && (bytes[at + 1] ?? 0) >= ZERO;
}

/** From the end, where days that follow one another differ. */
function sameBytes(bytes: Uint8Array, at: number, known: Uint8Array): boolean {
  for (let i = DAY_LENGTH - 1; i >= 0; i--) if (bytes[at + i] !== known[i]) return false;
  return true;
}
