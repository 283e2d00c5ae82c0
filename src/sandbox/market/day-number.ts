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
/** Days up to the year 2089 are looked up in arrays, of which millions of look-ups are made. */
const KNOWN_DAYS = 43_500;
const texts: IsoDay[] = [];
/** 0: not asked for yet; 1: a session; 2: none. */
const sessions = new Uint8Array(KNOWN_DAYS);

/** NaN for what is no day. */
export function numberOfDay(day: IsoDay): DayNumber {
  return Date.parse(`${day}T00:00:00Z`) / MS_PER_DAY;
}

export function dayOfNumber(number: DayNumber): IsoDay {
  if (number < 0 || number >= KNOWN_DAYS) return textOf(number);
  if (texts.length === 0) for (let day = 0; day < KNOWN_DAYS; day++) texts.push('');
  let text = texts[number] ?? '';
  if (text === '') {
    text = textOf(number);
    texts[number] = text;
  }
  return text;
}

function textOf(number: DayNumber): IsoDay {
  return new Date(number * MS_PER_DAY).toISOString().slice(0, 10);
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
  const known = sessions[number];
  if (known === 1 || known === 2) return known === 1;
  const session = nyse.isSession(dayOfNumber(number));
  // Days outside of the array stay outside.
  sessions[number] = session ? 1 : 2;
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
