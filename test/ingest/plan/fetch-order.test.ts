/**
 * The order in which days are fetched, as a property: whatever the floor, what may be read is fetched and the
 * rest is told, in few probes.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fetchInOrder, type Tried } from '#ingest/plan/fetch-order.js';

async function run(count: number, floor: number, deniedBefore: number, outcome: (day: number) => Tried) {
  const days = Array.from({ length: count }, (_, i) => count - i); // newest first
  const tried: number[] = [];
  const told = new Map<number, number | undefined>();
  await fetchInOrder<number>({
    fresh: days.slice(0, count - deniedBefore),
    deniedBefore: days.slice(count - deniedBefore),
    tryDay: async (day) => {
      tried.push(day);
      const came = outcome(day);
      if (came === 'denied') told.set(day, undefined);
      return came;
    },
    deny: async (denied, from) => {
      for (const day of denied) told.set(day, from);
    },
    fanOut: async (rest) => {
      for (const day of rest) {
        tried.push(day);
        if (outcome(day) === 'denied') told.set(day, undefined);
      }
    },
  });
  return { days, tried, told, readable: days.filter((day) => day > floor) };
}

it('every day that may be read is tried once, every other is told to be denied, with the edge', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 600 }), fc.nat(620), async (count, floor) => {
      const { days, tried, told, readable } = await run(count, floor, 0, (day) =>
        day > floor ? 'done' : 'denied',
      );
      expect(new Set(tried).size).toBe(tried.length);
      expect(tried).toEqual(expect.arrayContaining(readable));
      expect([...told.keys()].sort((a, b) => b - a)).toEqual(days.filter((day) => day <= floor));
      expect(tried.length - readable.length).toBeLessThanOrEqual(2 + Math.ceil(Math.log2(count + 1)));
      if (readable.length > 0 && count > 2) {
        for (const from of told.values()) expect(from).toBe(floor + 1);
      }
    }),
    { numRuns: 300 },
  );
});

it('of days that were denied before one is probed; if it may be read now, so may the others', async () => {
  const still = await run(100, 60, 60, (day) => (day > 60 ? 'done' : 'denied'));
  expect(still.tried.filter((day) => day <= 60)).toEqual([60]);
  expect(still.told.size).toBe(60);
  const grown = await run(100, 0, 60, () => 'done');
  expect([...grown.tried].sort((a, b) => b - a)).toEqual(grown.days);
  expect(grown.told.size).toBe(0);
});

it('a day that fails for other reasons says nothing of the edge, and no day that may be read is told to be denied', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 3, max: 200 }),
      fc.nat(200),
      fc.infiniteStream(fc.nat(4)),
      async (count, floor, dice) => {
        const { told, tried, days } = await run(count, floor, 0, (day) =>
          dice.next().value === 0 ? 'failed' : day > floor ? 'done' : 'denied',
        );
        for (const [day, from] of told) {
          expect(day).toBeLessThanOrEqual(floor);
          if (from !== undefined) expect(from).toBeGreaterThan(floor);
        }
        expect(new Set([...tried, ...told.keys()]).size).toBe(days.length);
      },
    ),
    { numRuns: 300 },
  );
});
