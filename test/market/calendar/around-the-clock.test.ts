import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { everyDay, forexWeek } from '#market/calendar/around-the-clock.js';
import { addDays, daysBetween, weekday } from '#market/calendar/iso-day.js';
import { nyse } from '#market/calendar/nyse.js';
import { everyDayOf, type SessionCalendar } from '#market/calendar/sessions.js';

const day = fc.integer({ min: 0, max: 20_000 }).map((n) => addDays('2003-09-10', n));

describe.each<[string, SessionCalendar]>([
  ['every day', everyDay],
  ['forex', forexWeek],
  ['NYSE', nyse],
])('%s', (_, calendar) => {
  it('its sessions are those of every day that are', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -3, max: 60 }), (start, length) => {
        const end = addDays(start, length);
        const all = Array.from({ length: Math.max(0, length + 1) }, (_, i) => addDays(start, i));
        const sessions = all.filter(calendar.isSession);
        expect(calendar.sessions(start, end)).toEqual(sessions);
        expect(everyDayOf(start, end)).toEqual(all);
      }),
    );
  });

  it('previous counts sessions back', () => {
    fc.assert(
      fc.property(day, fc.nat(30), (from, n) => {
        const session = calendar.previous(from, n);
        expect(calendar.sessions(session, from)).toHaveLength(n + 1);
        expect(calendar.isSession(session)).toBe(true);
      }),
    );
  });
});

it('a day is a session of crypto whatever it is; a Saturday is none of forex', () => {
  fc.assert(
    fc.property(day, fc.nat(400), (start, length) => {
      const end = addDays(start, length);
      expect(everyDay.sessions(start, end)).toHaveLength(daysBetween(start, end) + 1);
      expect(forexWeek.sessions(start, end).every((one) => weekday(one) !== 6)).toBe(true);
    }),
  );
  expect(forexWeek.isSession('2024-12-25')).toBe(true);
  expect(forexWeek.sessions('2024-01-05', '2024-01-08')).toEqual(['2024-01-05', '2024-01-07', '2024-01-08']);
  expect(forexWeek.previous('2024-01-06', 0)).toBe('2024-01-05');
  expect(forexWeek.previous('2024-01-07', 1)).toBe('2024-01-05');
  expect(everyDay.previous('2024-01-07', 7)).toBe('2023-12-31');
  expect(forexWeek.closure('2024-01-06')).toBeUndefined();
});
