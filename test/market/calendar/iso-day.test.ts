import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, daysBetween, isIsoDay, monthOf, monthsBetween, weekday } from '#market/calendar/iso-day.js';
import { subMonthsClamped } from '#market/calendar/months.js';

const day = fc
  .date({ min: new Date('1900-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

test('a day is one that the calendar has', () => {
  for (const text of ['1900-01-01', '2000-02-29', '2024-02-29', '9999-12-31'])
    expect(isIsoDay(text)).toBe(true);
  const none = [
    '1900-02-29',
    '2023-02-29',
    '2024-04-31',
    '2024-13-01',
    '2024-00-10',
    '2024-01-00',
    '1899-12-31',
    '2024-1-02',
    '2024-01-02\n',
    ' 2024-01-02',
    '2024-01-02T00:00:00Z',
    '20240102',
    '٢٠٢٤-01-02',
    '',
  ];
  for (const text of none) expect(isIsoDay(text), JSON.stringify(text)).toBe(false);
});

test('every day of two centuries is one, on the right weekday', () => {
  const wrong: string[] = [];
  for (let date = Date.UTC(1900, 0, 1); date < Date.UTC(2101, 0, 1); date += 86_400_000) {
    const text = new Date(date).toISOString().slice(0, 10);
    if (!isIsoDay(text) || weekday(text) !== new Date(date).getUTCDay()) wrong.push(text);
  }
  expect(wrong).toEqual([]);
});

test('adding days and counting them agree, and order is the order of the text', () => {
  fc.assert(
    fc.property(day, day, (a, b) => {
      expect(addDays(a, daysBetween(a, b))).toBe(b);
      expect(Math.sign(daysBetween(a, b))).toBe(a < b ? 1 : a > b ? -1 : 0);
    }),
  );
  expect(() => addDays('9999-12-31', 1)).toThrow(RangeError);
  expect(() => addDays('2024-02-30', 1)).toThrow('"2024-02-30" is not a day');
});

test('months', () => {
  expect(monthsBetween('2023-11-30', '2024-02-01')).toEqual(['2023-11', '2023-12', '2024-01', '2024-02']);
  expect(monthsBetween('2024-02-29', '2024-02-01')).toEqual(['2024-02']);
  expect(monthsBetween('2024-03-01', '2024-02-01')).toEqual([]);
  expect(subMonthsClamped('2024-03-31', 1)).toBe('2024-02-29');
  expect(subMonthsClamped('2025-03-31', 13)).toBe('2024-02-29');
  expect(subMonthsClamped('2024-01-15', 1)).toBe('2023-12-15');
  fc.assert(
    fc.property(day, fc.nat(600), (end, n) => {
      fc.pre(end >= '1960');
      const start = subMonthsClamped(end, n);
      expect(monthsBetween(start, end)).toHaveLength(n + 1);
      expect(start.slice(8) === end.slice(8) || monthOf(addDays(start, 1)) > monthOf(start)).toBe(true);
    }),
  );
});
