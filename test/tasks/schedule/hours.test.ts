/**
 * New York's hour in the machine's zone: never too early on any day of the year, and at most a little late.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addDays, weekday } from '#market/calendar/iso-day.js';
import { instantOf } from '#market/calendar/zone.js';
import {
  localHours,
  parseTimeOfDay,
  shiftWeekdays,
  timeText,
  weekdayRanges,
} from '#tasks/schedule/wall-clock.js';

const NEW_YORK = 'America/New_York';
const AT = { hour: 11, minute: 30 };
const MINUTE = 60_000;

it.each([
  // Germany puts its clocks forward three weeks after New York, and back one week before.
  ['Europe/Berlin', '16:30', '17:30', '2-6'],
  // The same afternoon in New York is the next night there.
  ['Asia/Tokyo', '00:30', '01:30', '0,3-6'],
  // Summer is winter there: the distance changes by two hours.
  ['Pacific/Auckland', '03:30', '05:30', '0,3-6'],
  ['America/Los_Angeles', '08:30', '08:30', '2-6'],
  ['UTC', '15:30', '16:30', '2-6'],
  [NEW_YORK, '11:30', '11:30', '2-6'],
  ['Asia/Kathmandu', '21:15', '22:15', '2-6'],
])('11:30 in New York is there in %s: %s to %s, on %s', (zone, earliest, latest, days) => {
  const hours = localHours(AT, NEW_YORK, zone, '2026-11-20');
  expect([timeText(hours.earliest), timeText(hours.latest)]).toEqual([earliest, latest]);
  expect(weekdayRanges(shiftWeekdays([2, 3, 4, 5, 6], hours.dayShift), String, '-')).toBe(days);
});

it('23:00 in New York is the day before nowhere, and 00:30 the day before in Los Angeles', () => {
  const hours = localHours({ hour: 0, minute: 30 }, NEW_YORK, 'America/Los_Angeles', '2026-01-01');
  expect(hours).toMatchObject({ latest: { hour: 21, minute: 30 }, dayShift: -1 });
  expect(shiftWeekdays([0, 2, 6], hours.dayShift)).toEqual([1, 5, 6]);
});

const zones = Intl.supportedValuesOf('timeZone');

it('in any zone, at any hour, on any day of the year it is never too early, and at most three hours late', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      // Between midnight and three clocks may be put forward or back in between.
      fc.record({ hour: fc.integer({ min: 4, max: 23 }), minute: fc.integer({ min: 0, max: 59 }) }),
      fc.integer({ min: 0, max: 365 }),
      (zone, at, i) => {
        const from = '2026-11-20';
        const { latest, dayShift } = localHours(at, NEW_YORK, zone, from);
        const day = addDays(from, i);
        const there = instantOf(day, at.hour, NEW_YORK).getTime() + at.minute * MINUTE;
        const here = instantOf(addDays(day, dayShift), latest.hour, zone).getTime() + latest.minute * MINUTE;
        expect(here - there).toBeGreaterThanOrEqual(0);
        expect(here - there).toBeLessThanOrEqual(180 * MINUTE);
        expect(shiftWeekdays([weekday(day)], dayShift)).toEqual([weekday(addDays(day, dayShift))]);
      },
    ),
    { numRuns: 300 },
  );
});

it.each(['24:00', '11:60', '1130', '11', ' 11:30', '11:30pm', '-1:00', ''])(
  '%j is no time of day',
  (text) => {
    expect(parseTimeOfDay(text)).toBeUndefined();
  },
);
