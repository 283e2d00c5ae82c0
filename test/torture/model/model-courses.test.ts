/** Courses of events in which something was lost once. */
import fc from 'fast-check';
import { it } from 'vitest';
import { sampled, technique } from '../technique.js';
import { type Command, cli, hand } from './commands.js';
import { convergesToTheModel } from './end.js';
import { deleteFile, editSeries, packPlainly } from './hands.js';
import { populate, repair, verify } from './purposes.js';
import { World } from './world.js';

const proof = technique('Courses that lost something once');

const at = { ticker: 'AAPL', day: '2024-06-04', n: 0 };
const ALL = { start: 0, end: 16, tickers: ['AAPL', 'BApA'], flag: '' } as const;
const filled = cli({ name: 'populate', make: (world) => populate(world, ALL) });
const unkept = cli({
  name: 'without archive',
  make: (world) => populate(world, { ...ALL, flag: '--no-save-others' }),
});
const mended = cli({ name: 'repair', make: (world) => repair(world, true) });
const checked = cli({ name: 'verify', make: (world) => verify(world, true) });
const edited = (n: number): Command =>
  hand('a row is changed', (world) => editSeries(world, 'change', { ...at, n }));
const replaced = hand('the vendor replaces the day', ({ vendor }) => vendor.replace(at.day));
const gone = hand('the copy is gone', (world) => deleteFile(world, 'archive', at));
const packed = hand('the copy is packed by another tool', (world) => packPlainly(world, at));

const COURSES: Readonly<Record<string, readonly Command[]>> = {
  "a kept row of the user's, and its day is fetched again": [
    filled,
    edited(0),
    filled,
    gone,
    filled,
    checked,
  ],
  "a kept row of the user's, no archive, and the day is replaced": [
    unkept,
    edited(0),
    unkept,
    replaced,
    unkept,
  ],
  'a day is replaced, and its old copy packed anew': [filled, replaced, packed, filled],
  'two repairs in one second': [filled, edited(0), mended, edited(1), mended],
};

// In the quick form one of a user's row, and one of a replaced day.
it.each(sampled(Object.keys(COURSES), 2))('%s', { timeout: 600_000 }, async (name) => {
  await proof.attempt(name, async () => {
    const world = await World.make();
    try {
      await fc.asyncModelRun(() => ({ model: {}, real: { world, proof } }), COURSES[name] ?? []);
      await convergesToTheModel(world);
    } finally {
      await world.end();
    }
  });
});
