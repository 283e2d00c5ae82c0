import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '#market/calendar/iso-day.js';
import { classify, mergeRows, type SeriesUpdate } from '#store/series/merge.js';
import type { Row } from '#store/series/row.js';

test.each([
  [undefined, undefined, true, 'nothing'],
  [undefined, undefined, false, 'nothing'],
  [undefined, 'a', true, 'added'],
  [undefined, 'a', false, 'added'],
  ['a', 'a', true, 'unchanged'],
  ['a', 'a', false, 'unchanged'],
  ['a', 'b', true, 'corrected'],
  ['a', 'b', false, 'kept'],
  ['a', undefined, true, 'removed'],
  ['a', undefined, false, 'kept'],
])('row %j, bar %j, ours %j: %s', (existing, values, ours, outcome) => {
  expect(classify(existing, { values, ours })).toBe(outcome);
});

test('one of each', () => {
  const existing = ['02', '03', '04', '05', '09'].map((day) => ({ day: `2024-01-${day}`, values: 'old' }));
  const merged = mergeRows(existing, [
    { day: '2024-01-08', values: 'new', ours: true },
    { day: '2024-01-05', values: undefined, ours: true },
    { day: '2024-01-04', values: 'new', ours: false },
    { day: '2024-01-03', values: 'new', ours: true },
    { day: '2024-01-02', values: 'old', ours: true },
    { day: '2024-01-01', values: undefined, ours: true },
  ]);
  expect(merged.counts).toEqual({ added: 1, unchanged: 1, corrected: 1, kept: 1, removed: 1 });
  expect(merged.rows.map((row) => `${row.day.slice(8)} ${row.values}`)).toEqual([
    '02 old',
    '03 new',
    '04 old',
    '08 new',
    '09 old',
  ]);
  expect(merged.differences).toEqual([
    { day: '2024-01-03', outcome: 'corrected', before: 'old', archive: 'new' },
    { day: '2024-01-04', outcome: 'kept', before: 'old', archive: 'new' },
    { day: '2024-01-05', outcome: 'removed', before: 'old', archive: undefined },
  ]);
});

const day = fc.nat(40).map((offset) => addDays('2024-01-02', offset));
const values = fc.constantFrom('a', 'b', 'c');
const existing: fc.Arbitrary<readonly Row[]> = fc
  .uniqueArray(fc.record({ day, values }), { selector: (row) => row.day })
  .map((rows) => rows.sort((a, b) => (a.day < b.day ? -1 : 1)));
const update: fc.Arbitrary<SeriesUpdate> = fc.record({
  day,
  values: fc.option(values, { nil: undefined }),
  ours: fc.boolean(),
});

test('ascending, each day once, no row of the user lost or changed, every count true', () => {
  fc.assert(
    fc.property(existing, fc.array(update), (rows, updates) => {
      const merged = mergeRows(rows, updates);
      const last = new Map(updates.map((it) => [it.day, it]));
      const expected = new Map(rows.map((row) => [row.day, row.values]));
      for (const it of last.values()) {
        if (expected.has(it.day) && !it.ours) continue;
        if (it.values === undefined) expected.delete(it.day);
        else expected.set(it.day, it.values);
      }
      expect(merged.rows).toEqual([...expected].sort().map(([day, values]) => ({ day, values })));
      expect(merged.changed).toBe(JSON.stringify(merged.rows) !== JSON.stringify(rows));
      const { added, removed, corrected, kept } = merged.counts;
      expect(merged.rows.length - rows.length).toBe(added - removed);
      expect(merged.differences.length).toBe(corrected + kept + removed);
      if (!merged.changed) expect(merged.rows).toBe(rows);
    }),
    { numRuns: 1000 },
  );
});

test('again changes nothing', () => {
  fc.assert(
    fc.property(existing, fc.array(update), (rows, updates) => {
      const once = mergeRows(rows, updates);
      expect(mergeRows(once.rows, updates)).toMatchObject({ rows: once.rows, changed: false });
    }),
  );
});

test('days in any order, in one go or in several', () => {
  const updates = fc.uniqueArray(update, { selector: (it) => it.day });
  const shuffled = updates.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }), fc.nat(all.length)),
  );
  fc.assert(
    fc.property(existing, shuffled, (rows, [all, other, cut]) => {
      const whole = mergeRows(rows, all).rows;
      expect(mergeRows(rows, other).rows).toEqual(whole);
      expect(mergeRows(mergeRows(rows, other.slice(0, cut)).rows, other.slice(cut)).rows).toEqual(whole);
    }),
  );
});
