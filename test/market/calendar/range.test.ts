import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, daysBetween } from '#market/calendar/iso-day.js';
import { subMonthsClamped } from '#market/calendar/months.js';
import { resolveRange } from '#market/calendar/range.js';
import { RangeOptionsError } from '#market/calendar/range-options-error.js';

const context = {
  today: '2025-11-12',
  lastDue: '2025-11-11',
  firstDay: '2003-09-10',
  farthest: '2035-11-12',
};
const resolve = (options: Parameters<typeof resolveRange>[0]) => resolveRange(options, context);

test.each([
  [{ months: 12, end: '2025-11-11' }, '2024-11-12', '2025-11-11', false],
  [{ months: 1, end: '2024-03-31' }, '2024-03-01', '2024-03-31', false],
  [{ months: '24' }, '2023-11-12', '2025-11-11', false],
  [{ days: 7 }, '2025-11-05', '2025-11-11', false],
  [{ days: '1' }, '2025-11-11', '2025-11-11', false],
  [{ start: '2024-01-01', end: '2024-12-31' }, '2024-01-01', '2024-12-31', false],
  [{ start: '2024-01-01' }, '2024-01-01', '2025-11-11', false],
  [{ start: '2003-09-10' }, '2003-09-10', '2025-11-11', false],
  [{ start: '2025-11-12' }, '2025-11-12', '2025-11-12', false], // not due yet: reaches to today
  [{ start: '2025-11-12', end: '2025-12-31' }, '2025-11-12', '2025-12-31', false],
  [{ months: 1, end: '2026-01-31' }, '2026-01-01', '2026-01-31', false],
  [{ months: 999 }, '2003-09-10', '2025-11-11', true],
  [{ months: 99_999_999 }, '2003-09-10', '2025-11-11', true],
  [{ days: 99_999_999 }, '2003-09-10', '2025-11-11', true],
  [{ days: 1, end: '2003-09-10' }, '2003-09-10', '2003-09-10', false],
  [{ days: 2, end: '2003-09-10' }, '2003-09-10', '2003-09-10', true],
])('%j is %s to %s', (options, start, end, clamped) => {
  expect(resolve(options)).toEqual({ start, end, clamped });
});

test.each([
  [{}, '--months N, --days N, --start DATE, or --start DATE with --end DATE'],
  [{ end: '2024-12-31' }, 'where the range begins'],
  [{ start: '2024-01-01', months: 3 }, 'only one of --start and --months'],
  [{ days: 3, months: 3 }, 'only one of --days and --months'],
  [{ start: '2024-02-30' }, '--start "2024-02-30" is not a date of the calendar'],
  [{ start: '01/02/2024' }, 'YYYY-MM-DD'],
  [{ months: 3, end: 'tomorrow' }, '--end "tomorrow" is not a date'],
  [{ start: '2024-03-01', end: '2024-02-29' }, '--start 2024-03-01 is after --end 2024-02-29'],
  [{ start: '2003-09-09' }, "before the dataset's first day; give 2003-09-10"],
  [{ months: 1, end: '2003-09-09' }, "before the dataset's first day; give 2003-09-10"],
  [{ start: '2025-11-11', end: '9999-12-31' }, 'too far in the future; give 2035-11-12 or earlier'],
  [{ start: '2025-11-13' }, 'in the future; give 2025-11-12 or earlier'],
  [{ start: '2025-11-13', end: '2025-12-31' }, 'in the future'],
  [{ months: 0 }, '--months must be a whole number from 1 up, not 0'],
  [{ months: '-1' }, '--months must be a whole number from 1 up, not "-1"'],
  [{ months: '1.5' }, 'not "1.5"'],
  [{ months: Number.NaN }, 'not NaN'],
  [{ days: '' }, '--days must be a whole number from 1 up, not ""'],
  [{ days: '1e2' }, 'not "1e2"'],
])('%j is refused in one sentence', (options, message) => {
  expect(() => resolve(options)).toThrow(RangeOptionsError);
  expect(() => resolve(options)).toThrow(message);
  expect(() => resolve(options)).toThrow(/^[^\n]*\.$/);
});

test('N months and N days of a range end where they should, and never before the first day', () => {
  fc.assert(
    fc.property(fc.nat(9000), fc.integer({ min: 1, max: 400 }), (offset, n) => {
      const end = addDays(context.firstDay, offset);
      const months = resolve({ months: n, end });
      const days = resolve({ days: n, end });
      expect(months.start >= context.firstDay && days.start >= context.firstDay).toBe(true);
      if (!months.clamped) expect(addDays(months.start, -1)).toBe(subMonthsClamped(end, n));
      if (!days.clamped) expect(daysBetween(days.start, end)).toBe(n - 1);
    }),
  );
});
