/** Made-up bars for tests: consistent ones, and such as no vendor would send. */
import fc from 'fast-check';
import { addDays, type IsoDay } from '#market/calendar/iso-day.js';
import type { Row } from '#store/series/row.js';
import { type Bar, barOf } from '#tasks/show/bar.js';

export function rowOf(day: IsoDay, values: string): Row {
  return { day, values };
}

export function barsOf(rows: readonly Row[]): readonly Bar[] {
  return rows.flatMap((row) => barOf(row) ?? []);
}

/** Ascending days with gaps, weekends and pauses of years included. */
export const days = fc
  .tuple(
    fc.integer({ min: 0, max: 20_000 }),
    fc.array(
      fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 4 }) }, fc.integer({ min: 5, max: 800 })),
      { maxLength: 300 },
    ),
  )
  .map(([first, gaps]) => {
    let day = addDays('1970-01-01', first);
    return [day, ...gaps.map((gap) => (day = addDays(day, gap)))];
  });

const text = fc.oneof(
  fc.integer({ min: 1, max: 100_000 }).map((cents) => (cents / 100).toFixed(2)),
  fc.bigInt({ min: 0n, max: 10n ** 20n }).map(String),
  fc.constantFrom(
    '0',
    '0.0001',
    '1e-30',
    '1e40',
    '33278552.153126',
    `${'9'.repeat(300)}`,
    `0.${'0'.repeat(320)}1`,
  ),
);

/** Rows whose values are numbers, however odd: high may be below low. */
export const rows = fc
  .tuple(days, fc.array(fc.array(text, { minLength: 5, maxLength: 5 }), { minLength: 1, maxLength: 40 }))
  .map(([on, values]) => on.map((day, i) => rowOf(day, (values[i % values.length] ?? []).join(','))));
