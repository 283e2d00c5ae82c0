import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addDays } from '#market/calendar/iso-day.js';
import { isExceptional, tradeDateOfEvening } from '#market/calendar/trade-date.js';
import { instantOf } from '#market/calendar/zone.js';
import { datasets } from '#market/datasets/all.js';
import { windowOf } from '#market/datasets/day-window.js';

it.each([
  ['2026-12-04', '2026-12-04', 'a Friday'],
  ['2026-12-05', '2026-12-05', 'a Saturday'],
  ['2026-12-06', '2026-12-07', 'the first Sunday of trading around the clock'],
  ['2026-12-07', '2026-12-08', 'a Monday'],
  ['2026-12-10', '2026-12-11', 'a Thursday'],
  ['2026-12-11', '2026-12-11', 'a Friday: Saturday is no trade date'],
  ['2026-12-12', '2026-12-12', 'a Saturday'],
  ['2026-12-24', '2026-12-25', 'the eve of a holiday: the rule knows weekdays alone'],
  ['2024-06-03', '2024-06-03', 'before it began'],
  ['9999-12-31', '9999-12-31', 'the last day'],
])('the evening of %s is that of %s as a rule (%s)', (evening, day) => {
  expect(tradeDateOfEvening(evening, 'next')).toBe(day);
  expect(tradeDateOfEvening(evening, 'own')).toBe(evening);
});

const days = fc.integer({ min: 0, max: 12_000 }).map((n) => addDays('2003-09-10', n));

it('an evening is of one of two days, and the mark says the other one: nothing is ambiguous', () => {
  fc.assert(
    fc.property(days, fc.constantFrom('own', 'next'), (evening, rule) => {
      const both = [evening, addDays(evening, 1)];
      const said = [false, true].map((isMarked) => tradeDateOfEvening(evening, rule, isMarked));
      expect(said.toSorted()).toEqual(both);
      for (const day of both)
        expect(tradeDateOfEvening(evening, rule, isExceptional(evening, day, rule))).toBe(day);
    }),
  );
});

it('moments in New York’s time reach back to 20:00 of the evening before, those of UTC days do not', () => {
  fc.assert(
    fc.property(days, fc.constantFrom(...datasets.values()), (day, dataset) => {
      const { time, timeZone } = dataset.series;
      const { from, to } = windowOf(dataset, day);
      const reachesBack = time === 'moment' && timeZone === 'America/New_York';
      const begin = reachesBack ? instantOf(addDays(day, -1), 20, timeZone) : instantOf(day, 0, timeZone);
      expect(from * 1000).toBe(begin.getTime());
      expect(to * 1000).toBe(instantOf(addDays(day, 1), 0, timeZone).getTime());
    }),
  );
});
