/**
 * Days that were removed on purpose: not touched, unless they are wanted by name; then they are days like any
 * other.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type DayFacts, type DayWishes, decideDay } from '#ingest/plan/day-state.js';

const facts = fc.record<DayFacts>({
  listed: fc.constantFrom('yes', 'no', 'unknown'),
  overdue: fc.boolean(),
  copy: fc.constantFrom('current', 'outdated', 'none'),
  processedCurrent: fc.boolean(),
  seriesDone: fc.boolean(),
  deniedBefore: fc.boolean(),
  pruned: fc.boolean(),
});
const wishes = fc.record<DayWishes>({
  archive: fc.boolean(),
  series: fc.boolean(),
  force: fc.boolean(),
  pruned: fc.boolean(),
});

it('pruned and not wanted: nothing happens, whatever else is true', () => {
  fc.assert(
    fc.property(facts, wishes, (day, wish) => {
      expect(decideDay({ ...day, pruned: true }, { ...wish, force: false, pruned: false })).toEqual({
        state: 'pruned',
        action: 'none',
      });
    }),
  );
});

it('pruned and wanted: as if it had never been removed', () => {
  fc.assert(
    fc.property(facts, wishes, (day, wish) => {
      expect(decideDay({ ...day, pruned: true }, { ...wish, pruned: true })).toEqual(
        decideDay({ ...day, pruned: false }, wish),
      );
    }),
  );
});

it('wanting pruned days fetches nothing that is here', () => {
  fc.assert(
    fc.property(facts, wishes, (day, wish) => {
      fc.pre(day.copy === 'current' && wish.archive && !wish.force);
      expect(['none', 'archive']).toContain(decideDay(day, { ...wish, pruned: true }).action);
    }),
  );
});
