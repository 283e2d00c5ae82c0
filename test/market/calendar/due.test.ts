import { expect, test } from 'vitest';
import { dueAt, lastDueSession, lastOverdueSession, overdueAt } from '#market/calendar/due.js';
import { nyse } from '#market/calendar/nyse.js';
import { dayIn, instantOf } from '#market/calendar/zone.js';

const NEW_YORK = 'America/New_York';
const publication = { timeZone: NEW_YORK, hour: 11, overdueAfterHours: 24 };
const at = (text: string) => new Date(text);

test('wall clocks, through both changes of the clock', () => {
  expect(instantOf('2024-01-03', 11, NEW_YORK)).toEqual(at('2024-01-03T16:00:00Z'));
  expect(instantOf('2024-07-03', 11, NEW_YORK)).toEqual(at('2024-07-03T15:00:00Z'));
  expect(instantOf('2024-03-10', 1, NEW_YORK)).toEqual(at('2024-03-10T06:00:00Z'));
  expect(instantOf('2024-03-10', 2, NEW_YORK)).toEqual(at('2024-03-10T07:00:00Z')); // skipped: 03:00 EDT
  expect(instantOf('2024-03-10', 3, NEW_YORK)).toEqual(at('2024-03-10T07:00:00Z'));
  expect(instantOf('2024-11-03', 1, NEW_YORK)).toEqual(at('2024-11-03T05:00:00Z')); // twice: the first
  expect(instantOf('2024-11-03', 2, NEW_YORK)).toEqual(at('2024-11-03T07:00:00Z'));
  expect(instantOf('2024-06-01', 0, 'Pacific/Kiritimati')).toEqual(at('2024-05-31T10:00:00Z'));
  expect(dayIn(NEW_YORK, at('2024-01-03T04:59:59.999Z'))).toBe('2024-01-02');
  expect(dayIn(NEW_YORK, at('2024-01-03T05:00:00Z'))).toBe('2024-01-03');
  expect(() => instantOf('2024-01-03', 11, 'Nowhere/Atall')).toThrow(RangeError);
});

test("every hour of a year's days is shown by the clock that it was asked of", () => {
  for (const day of nyse.sessions('2024-01-01', '2024-12-31')) {
    const instant = instantOf(day, 11, NEW_YORK);
    expect(dayIn(NEW_YORK, instant)).toBe(day);
    expect(instant.getUTCHours()).toBe(day >= '2024-03-10' && day < '2024-11-03' ? 15 : 16);
  }
});

test('due at 11:00 of the next calendar day, weekends too, overdue a day later', () => {
  expect(dueAt('2024-03-08', publication)).toEqual(at('2024-03-09T16:00:00Z'));
  expect(overdueAt('2024-03-08', publication)).toEqual(at('2024-03-10T16:00:00Z'));
});

test('the last session that is due changes at that very instant', () => {
  const last = (now: string) => lastDueSession(nyse, publication, at(now));
  expect(last('2024-01-09T15:59:59.999Z')).toBe('2024-01-05'); // Tuesday: Monday's file is not out
  expect(last('2024-01-09T16:00:00Z')).toBe('2024-01-08');
  expect(last('2024-01-06T16:00:00Z')).toBe('2024-01-05'); // Friday's file, on Saturday
  expect(last('2024-01-02T20:00:00Z')).toBe('2023-12-29'); // New Year's Day lies between
});

test('a session is overdue exactly up to the last overdue one', () => {
  for (let hour = 0; hour < 24 * 9; hour++) {
    const now = new Date(Date.UTC(2026, 10, 20, hour));
    const last = lastOverdueSession(nyse, publication, now);
    for (const day of nyse.sessions('2026-11-10', '2026-12-01')) {
      expect(overdueAt(day, publication) <= now, `${day} at ${now.toISOString()}`).toBe(day <= last);
    }
  }
});
