/**
 * Whatever the user, the vendor and accidents do in whatever order: after each command the folder is what a
 * trivial model says, and in the end it is exactly the vendor's market and the user's rows.
 */
import fc from 'fast-check';
import { it } from 'vitest';
import { LONG, rounds, SEED, technique } from '../technique.js';
import { type Real, runOne } from './commands.js';
import { convergesToTheModel } from './end.js';
import { commands } from './events.js';
import { populate } from './purposes.js';
import { World } from './world.js';

const proof = technique('Any course of events (model)');
/** What most courses begin with. */
const FIRST = { start: 0, end: 10, tickers: ['AAPL', 'BApA', 'GONE', 'LATE'], flag: '' } as const;
/** For a part of the long form, or to see one course again without shrinking it. */
const { BARLOOM_RUNS, BARLOOM_SHRINK, BARLOOM_PATH } = process.env;
const SECONDS = LONG ? rounds(0, 240) : Number.POSITIVE_INFINITY;

it('any course of events', { timeout: 7_200_000 }, async () => {
  const courses = fc.commands(commands, { maxCommands: 14, size: 'max' });
  const property = fc.asyncProperty(fc.nat(3), courses, async (begins, course) => {
    const world = await World.make();
    try {
      if (begins > 0) await runOne(world, (at) => populate(at, FIRST));
      await fc.asyncModelRun(() => ({ model: {}, real: { world, proof } satisfies Real }), course);
      await convergesToTheModel(world);
    } finally {
      await world.end();
    }
  });
  await proof.attempt('a course of events', () =>
    fc.assert(property, {
      seed: SEED,
      numRuns: Number(BARLOOM_RUNS ?? rounds(2, 300)),
      endOnFailure: BARLOOM_SHRINK === '0',
      ...(BARLOOM_PATH === undefined ? {} : { path: BARLOOM_PATH }),
      ...(SECONDS === Number.POSITIVE_INFINITY ? {} : { interruptAfterTimeLimit: 1000 * SECONDS }),
    }),
  );
});
