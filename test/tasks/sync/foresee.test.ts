/** What a sync would do: sums add up, more work never takes less, and what is done already takes nothing. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type DatasetWork, foresee } from '#tasks/sync/foresee.js';

const STEPS = ['populate', 'lake', 'features', 'qlib', 'verify'];
const PACE = { downloadBytesPerSecond: 12.5e6, processors: 2 };
const amount = fc.record({ days: fc.nat(1000), bytes: fc.nat(1e9) });
const work = fc.record({
  dataset: fc.constantFrom('stocks_daily', 'options_daily'),
  fetch: fc.tuple(amount, fc.nat(1e9)).map(([one, room]) => ({ ...one, room })),
  build: amount,
  hasFeatures: fc.boolean(),
  isExported: fc.boolean(),
});

const NOTHING: DatasetWork = {
  dataset: 'stocks_daily',
  fetch: { days: 0, bytes: 0, room: 0 },
  build: { days: 0, bytes: 0 },
  hasFeatures: true,
  isExported: true,
};

it('where nothing is to be done, nothing is foreseen', () => {
  const { steps, seconds, write_bytes, download_bytes } = foresee(STEPS, [NOTHING], PACE);
  expect([seconds, write_bytes, download_bytes]).toEqual([0, 0, 0]);
  expect(steps.map(({ step, days }) => [step, days])).toEqual(STEPS.map((step) => [step, 0]));
});

it('totals are the sums of the steps, and another dataset never makes it less', () => {
  fc.assert(
    fc.property(fc.array(work, { maxLength: 3 }), work, (works, more) => {
      const [before, after] = [foresee(STEPS, works, PACE), foresee(STEPS, [...works, more], PACE)];
      expect(after.write_bytes).toBe(after.steps.reduce((sum, one) => sum + one.write_bytes, 0));
      for (const [i, step] of after.steps.entries())
        for (const of of ['days', 'download_bytes', 'write_bytes', 'seconds'] as const)
          expect(step[of]).toBeGreaterThanOrEqual(before.steps[i]?.[of] ?? 0);
    }),
  );
});

it('a download takes as long as the line needs, or the processors, whichever is longer', () => {
  const year = { ...NOTHING, fetch: { days: 252, bytes: 66e6, room: 80e6 } };
  const slow = foresee(['populate'], [year], { downloadBytesPerSecond: 1e6, processors: 8 });
  const quick = foresee(['populate'], [year], { downloadBytesPerSecond: 1e12, processors: 1 });
  expect(slow.seconds).toBe(66);
  expect(quick.seconds).toBeCloseTo(66 / 16 + 252 * 0.005, 1);
});
