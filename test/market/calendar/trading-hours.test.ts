import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addDays } from '#market/calendar/iso-day.js';
import { nyse, nyseEarlyClose } from '#market/calendar/nyse.js';
import {
  allHours,
  isChosen,
  isRegular,
  nyseHours,
  SESSION_CHOICES,
  segmentAt,
} from '#market/calendar/trading-hours.js';

const at = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
const day = fc.oneof(
  fc.integer({ min: 0, max: 8000 }).map((n) => addDays('2003-09-10', n)),
  fc.constantFrom('2024-07-03', '2024-11-29', '2024-12-24', '2024-03-10', '2024-11-03'),
);

it.each([
  ['2024-01-02', '09:29', false],
  ['2024-01-02', '09:30', true],
  ['2024-01-02', '15:59', true],
  ['2024-01-02', '16:00', false],
  ['2024-11-29', '12:59', true],
  ['2024-11-29', '13:00', false],
  ['2024-01-01', '12:00', false],
  ['2024-01-06', '12:00', false],
])('%s %s is regular: %s', (on, clock, expected) => {
  expect(isRegular(on, at(clock))).toBe(expected);
});

it('the choices hold what they say', () => {
  const chosen = (clock: string, hours = nyseHours) =>
    SESSION_CHOICES.filter((choice) => {
      const segment = segmentAt(hours, '2024-01-02', at(clock));
      return segment !== undefined && isChosen(choice, segment);
    });
  expect(chosen('03:59')).toEqual(['overnight', 'all']);
  expect(chosen('04:00')).toEqual(['extended', 'all']);
  expect(chosen('09:30')).toEqual(['regular', 'extended', 'all']);
  expect(chosen('19:59')).toEqual(['extended', 'all']);
  expect(chosen('20:00')).toEqual(['all']);
  expect(chosen('20:00', allHours)).toEqual(['regular', 'extended', 'all']);
});

it('the segments of a day touch, from the evening before to midnight; one is regular on a session', () => {
  fc.assert(
    fc.property(day, fc.constantFrom(nyseHours, allHours), (on, hours) => {
      const segments = hours.segments(on);
      expect([segments[0]?.from, segments.at(-1)?.to]).toEqual([hours === allHours ? 0 : -240, 1440]);
      for (const [i, { from, to }] of segments.entries()) {
        expect(from).toBeLessThan(to);
        if (i > 0) expect(from).toBe(segments[i - 1]?.to);
      }
      const regular = segments.filter(({ kind }) => kind === 'regular');
      expect(regular).toHaveLength(hours === allHours || nyse.isSession(on) ? 1 : 0);
      if (hours === nyseHours && nyse.isSession(on))
        expect(regular[0]?.to).toBe(at(nyseEarlyClose(on) === undefined ? '16:00' : '13:00'));
    }),
  );
  expect(segmentAt(nyseHours, '2024-01-02', 1440)).toBeUndefined();
  expect(segmentAt(nyseHours, '2024-01-02', -1)?.kind).toBe('overnight');
  expect(segmentAt(nyseHours, '2024-01-02', -241)).toBeUndefined();
  expect(segmentAt(allHours, '2024-01-02', -1)).toBeUndefined();
});
