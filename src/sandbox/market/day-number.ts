/**
 * Days as whole numbers since 1970-01-01, for what is made by the hundred thousand. Weekday numbers, the
 * clock of the stock market, are turned into them and back without a calendar.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { nyse } from '#market/calendar/nyse.js';

export type DayNumber = number;

const MS_PER_DAY = 86_400_000;
/** Monday 2003-09-08, the stock market's weekday 0. */
const EPOCH: DayNumber = 12_303;
const texts = new Map<DayNumber, IsoDay>();
const sessions = new Map<DayNumber, boolean>();

/** NaN for what is no day. */
export function numberOfDay(day: IsoDay): DayNumber {
  return Date.parse(`${day}T00:00:00Z`) / MS_PER_DAY;
}

export function dayOfNumber(number: DayNumber): IsoDay {
  let text = texts.get(number);
  if (text === undefined) {
    text = new Date(number * MS_PER_DAY).toISOString().slice(0, 10);
    texts.set(number, text);
  }
  return text;
}

/** As weekday-index counts: a Saturday or Sunday has its Friday's. */
export function weekdayOfNumber(number: DayNumber): number {
  const days = number - EPOCH;
  const week = Math.floor(days / 7);
  return week * 5 + Math.min(days - week * 7, 4);
}

export function numberOfWeekday(weekday: number): DayNumber {
  const week = Math.floor(weekday / 5);
  return EPOCH + week * 7 + weekday - week * 5;
}

export function isSessionNumber(number: DayNumber): boolean {
  let session = sessions.get(number);
  if (session === undefined) {
    session = nyse.isSession(dayOfNumber(number));
    sessions.set(number, session);
  }
  return session;
}

/** The session on this day, or the next one after it. */
export function sessionFrom(number: DayNumber): DayNumber {
  let session = number;
  while (!isSessionNumber(session)) session += 1;
  return session;
}

/** The session before this day. */
export function sessionBefore(number: DayNumber): DayNumber {
  let session = number - 1;
  while (!isSessionNumber(session)) session -= 1;
  return session;
}

/** The month runs over and under: month 13 is the next January. */
export function lastOfMonth(year: number, month: number): DayNumber {
  return Date.UTC(year, month, 0) / MS_PER_DAY;
}

export function yearOfNumber(number: DayNumber): number {
  return Number(dayOfNumber(number).slice(0, 4));
}
