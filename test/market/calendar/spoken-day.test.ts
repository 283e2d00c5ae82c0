/** Words and parts of dates as days. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addDays } from '#market/calendar/iso-day.js';
import { spokenDay } from '#market/calendar/spoken-day.js';

const TODAY = '2026-03-01';

it.each([
  ['today', '2026-03-01', '2026-03-01'],
  ['yesterday', '2026-02-28', '2026-02-28'],
  ['2026-10', '2026-10-01', '2026-10-31'],
  ['2024-02', '2024-02-01', '2024-02-29'],
  ['2023-02', '2023-02-01', '2023-02-28'],
  ['2024', '2024-01-01', '2024-12-31'],
  ['2024-02-29', '2024-02-29', '2024-02-29'],
  ['2024-13', undefined, undefined],
  ['2023-02-29', undefined, undefined],
  ['tomorrow', undefined, undefined],
  ['', undefined, undefined],
])('%s begins on %s and ends on %s', (text, start, end) => {
  expect(spokenDay(text, 'start', TODAY)).toBe(start);
  expect(spokenDay(text, 'end', TODAY)).toBe(end);
});

it('a month ends the day before the next one begins', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1900, max: 2099 }), fc.integer({ min: 1, max: 11 }), (year, month) => {
      const text = (n: number): string => `${year}-${String(n).padStart(2, '0')}`;
      const end = spokenDay(text(month), 'end', TODAY) ?? '';
      expect(addDays(end, 1)).toBe(spokenDay(text(month + 1), 'start', TODAY));
    }),
  );
});
