/** The entitlement edge is found exactly, with few probes, whatever single days the vendor lacks. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nyse } from '#market/calendar/nyse.js';
import { firstAllowed } from '#tasks/doctor/first-allowed.js';

const DAYS = nyse.sessions('2003-09-10', '2026-11-19');

it('the first day that may be read, by at most a probe a halving and one a day that is missing', async () => {
  const facts = fc.record({
    from: fc.nat(DAYS.length - 1),
    length: fc.integer({ min: 1, max: DAYS.length }),
    edge: fc.double({ min: 0, max: 1, noNaN: true }),
    holes: fc.array(fc.nat(DAYS.length), { maxLength: 40 }),
  });
  await fc.assert(
    fc.asyncProperty(facts, async ({ from, length, edge, holes }) => {
      const days = DAYS.slice(from, from + length);
      const last = days.length - 1;
      const floor = Math.round(edge * last);
      // Up to two in a row, as they happen; the newest is there.
      const missing = new Set(holes.filter((i) => i < last));
      for (const i of [...missing].sort((a, b) => a - b))
        if (missing.has(i - 1) && missing.has(i - 2)) missing.delete(i);
      const asked: number[] = [];
      const found = await firstAllowed(days, async (day) => {
        const i = days.indexOf(day);
        asked.push(i);
        if (missing.has(i)) return 'missing';
        return i < floor ? 'denied' : 'allowed';
      });
      const first = days.findIndex((_, i) => i >= floor && !missing.has(i));
      expect(found.day).toBe(days[first]);
      expect(found.probes).toBe(asked.length);
      expect(new Set(asked).size).toBe(asked.length);
      const misses = asked.filter((i) => missing.has(i)).length;
      expect(asked.length).toBeLessThanOrEqual(Math.ceil(Math.log2(days.length)) + 2 + misses);
      if (floor === 0) expect(found.denied).toBe(false);
    }),
    { numRuns: 500 },
  );
});

it('nothing at all before a day is no edge of the plan', async () => {
  const found = await firstAllowed(DAYS, async (day) => (day < '2020-01-02' ? 'missing' : 'allowed'));
  expect(found).toMatchObject({ day: '2020-01-02', denied: false });
});
