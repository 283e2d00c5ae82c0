/**
 * The New York Stock Exchange's calendar from 2003 on, by rule for every year to come, with the closures that
 * no rule foretells (https://www.nyse.com/markets/hours-calendars and the exchange's notices;
 * fixtures/calendar/nyse.csv holds every date of 2003 to 2027). Earlier years follow the same rules and lack
 * their irregular closures.
 */
import { addDays, type IsoDay, weekday } from './iso-day.js';
import { weekdayCalendar } from './sessions.js';

const SUNDAY = 0;
const MONDAY = 1;
const THURSDAY = 4;
const SATURDAY = 6;

const IRREGULAR_CLOSURES: readonly (readonly [IsoDay, string])[] = [
  ['2004-06-11', 'National Day of Mourning for former President Ronald Reagan'],
  ['2007-01-02', 'National Day of Mourning for former President Gerald R. Ford'],
  ['2012-10-29', 'Hurricane Sandy'],
  ['2012-10-30', 'Hurricane Sandy'],
  ['2018-12-05', 'National Day of Mourning for former President George H. W. Bush'],
  ['2025-01-09', 'National Day of Mourning for former President Jimmy Carter'],
];

const IRREGULAR_EARLY_CLOSES: readonly (readonly [IsoDay, string])[] = [
  ['2003-12-26', 'Day after Christmas'],
];

const closuresByYear = new Map<string, ReadonlyMap<IsoDay, string>>();

export const nyse = weekdayCalendar('NYSE', (day) => closuresOf(day.slice(0, 4)).get(day));

/**
 * Why the session of `day` ends at 13:00 in New York instead of 16:00; undefined for a full session and a day
 * without one.
 */
export function nyseEarlyClose(day: IsoDay): string | undefined {
  if (!nyse.isSession(day)) return undefined;
  const year = day.slice(0, 4);
  // From Monday to Thursday: on a Friday, the holiday itself falls on Saturday and is observed on this day.
  const beforeHoliday = weekday(day) >= MONDAY && weekday(day) <= THURSDAY;
  if (day === `${year}-07-03` && beforeHoliday) return 'Day before Independence Day';
  if (day === `${year}-12-24` && beforeHoliday) return 'Christmas Eve';
  if (day === addDays(thanksgiving(year), 1)) return 'Day after Thanksgiving';
  return IRREGULAR_EARLY_CLOSES.find(([date]) => date === day)?.[1];
}

function closuresOf(year: string): ReadonlyMap<IsoDay, string> {
  let closures = closuresByYear.get(year);
  if (closures === undefined) {
    closures = new Map([
      ...regularClosures(year),
      ...IRREGULAR_CLOSURES.filter(([day]) => day.startsWith(year)),
    ]);
    closuresByYear.set(year, closures);
  }
  return closures;
}

function regularClosures(year: string): (readonly [IsoDay, string])[] {
  const closures = [
    newYear(year),
    ...(year >= '1998'
      ? [[nthOfMonth(`${year}-01-01`, MONDAY, 3), 'Martin Luther King Jr. Day'] as const]
      : []),
    [nthOfMonth(`${year}-02-01`, MONDAY, 3), "Washington's Birthday"] as const,
    [addDays(easterSunday(Number(year)), -2), 'Good Friday'] as const,
    [addDays(nthOfMonth(`${year}-06-01`, MONDAY, 1), -7), 'Memorial Day'] as const,
    ...(year >= '2022' ? [observed(`${year}-06-19`, 'Juneteenth National Independence Day')] : []),
    observed(`${year}-07-04`, 'Independence Day'),
    [nthOfMonth(`${year}-09-01`, MONDAY, 1), 'Labor Day'] as const,
    [thanksgiving(year), 'Thanksgiving Day'] as const,
    observed(`${year}-12-25`, 'Christmas Day'),
  ];
  return closures.filter((closure) => closure !== undefined);
}

/** On a Saturday it is not made up for: the Friday before belongs to the old year's books (NYSE Rule 7.2). */
function newYear(year: string): readonly [IsoDay, string] | undefined {
  return weekday(`${year}-01-01`) === SATURDAY ? undefined : observed(`${year}-01-01`, "New Year's Day");
}

/** A holiday on Saturday closes the Friday before, one on Sunday the Monday after. */
function observed(holiday: IsoDay, name: string): readonly [IsoDay, string] {
  if (weekday(holiday) === SATURDAY) return [addDays(holiday, -1), `${name} (observed)`];
  if (weekday(holiday) === SUNDAY) return [addDays(holiday, 1), `${name} (observed)`];
  return [holiday, name];
}

function thanksgiving(year: string): IsoDay {
  return nthOfMonth(`${year}-11-01`, THURSDAY, 4);
}

/** The `n`-th (1-based) of a weekday in the month that begins with `first`. */
function nthOfMonth(first: IsoDay, wanted: number, n: number): IsoDay {
  return addDays(first, ((wanted - weekday(first) + 7) % 7) + (n - 1) * 7);
}

/** The Gregorian computus as printed in Nature, 20 April 1876 (Meeus, Astronomical Algorithms, chapter 8). */
function easterSunday(year: number): IsoDay {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const m = Math.floor((a + 11 * d + 22 * e) / 451);
  return addDays(`${year}-03-22`, d + e - 7 * m);
}
