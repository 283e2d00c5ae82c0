import fc from 'fast-check';
import { expect, it } from 'vitest';
import { barWidthOf, firstDayOf } from '#market/bars/width.js';
import { addDays, weekday } from '#market/calendar/iso-day.js';

it.each([
  ['2m', { unit: 'minute', minutes: 2 }],
  ['90m', { unit: 'minute', minutes: 90 }],
  ['60m', { unit: 'minute', minutes: 60 }],
  ['1h', { unit: 'minute', minutes: 60 }],
  ['4h', { unit: 'minute', minutes: 240 }],
  ['1d', { unit: 'period', period: 'day' }],
  ['1w', { unit: 'period', period: 'week' }],
  ['1wk', { unit: 'period', period: 'week' }],
  ['1mo', { unit: 'period', period: 'month' }],
  ['3mo', { unit: 'period', period: 'quarter' }],
])('%s', (text, width) => {
  expect(barWidthOf(text)).toEqual(width);
});

it.each(['', 'm', '0m', '-5m', '1.5h', '1440m', '24h', '5 m', '5M', '2w', '1y', '15', '05m', '1mo '])(
  '%j is no width',
  (text) => {
    expect(barWidthOf(text)).toBeUndefined();
  },
);

it('a week begins with its Monday, a month and a quarter with their first', () => {
  const day = fc.integer({ min: 0, max: 60_000 }).map((n) => addDays('1950-01-01', n));
  fc.assert(
    fc.property(day, (on) => {
      const week = firstDayOf('week', on);
      expect(weekday(week)).toBe(1);
      expect(week <= on && on < addDays(week, 7)).toBe(true);
      expect(firstDayOf('day', on)).toBe(on);
      for (const period of ['month', 'quarter'] as const) {
        const first = firstDayOf(period, on);
        expect(first).toMatch(period === 'month' ? /-01$/ : /-(?:01|04|07|10)-01$/);
        expect(first <= on && on < addDays(first, period === 'month' ? 31 : 92)).toBe(true);
        expect(firstDayOf(period, first)).toBe(first);
      }
    }),
  );
  expect(firstDayOf('week', '2024-01-07')).toBe('2024-01-01');
  expect(firstDayOf('quarter', '2024-06-30')).toBe('2024-04-01');
});
