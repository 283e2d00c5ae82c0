/** A row that the user wrote is never taken for one of ours, whatever became of the vendor's file. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FetchedDay } from '#ingest/day/day-task.js';
import { rowOwners } from '#ingest/run/row-owners.js';
import { stocksDaily } from '#market/datasets/all.js';
import { withDays } from '#store/ledger/day-ranges.js';
import { datasetProgress, emptyProgress } from '#store/ledger/model.js';

const day = '2024-06-03';
const bars = new Map([['A', { before: '1,1,1,1,1' }]]);
const differs = { added: 0, removed: 0, changed: 1, largest: undefined };

function fetched(textSha256: string, isCompared: boolean): FetchedDay {
  const replaced = isCompared ? { difference: differs, bars } : undefined;
  return { way: 'whole', result: { textSha256, replaced } } as unknown as FetchedDay;
}

const cases = fc.record({
  isLookedUp: fc.boolean(),
  isCompared: fc.boolean(),
  isSameText: fc.boolean(),
  isUsers: fc.boolean(),
  isProcessed: fc.boolean(),
});

it('a row is ours only where its ticker was looked up, in another text that nothing was compared with', () => {
  fc.assert(
    fc.property(cases, ({ isLookedUp, isCompared, isSameText, isUsers, isProcessed }) => {
      const known = datasetProgress(emptyProgress(), 'any');
      if (isLookedUp) known.lookups.set('B', withDays([], [day], stocksDaily.calendar.isSession));
      const old = {
        ...(isProcessed ? { size: 1 } : {}),
        text_sha256: isSameText ? 'new' : 'old',
        ...(isUsers ? { users: ['B'] } : {}),
      };
      known.days.set(day, old);
      const before = new Map<string, string | null>(isCompared ? [['A', '1,1,1,1,1']] : []);
      const owners = rowOwners({ day, wanted: ['A', 'B'], known, old, before }, fetched('new', isCompared));
      expect(owners.ours('B')).toBe(isLookedUp && !isCompared && !isSameText && !isUsers);
      expect(owners.ours('A')).toBe(false);
      const mayGo = isLookedUp && isProcessed && !isCompared;
      expect(owners.maybeGone).toEqual([...before.keys(), ...(mayGo ? ['B'] : [])]);
    }),
  );
});
