/**
 * For every verb that writes: each call on the disk fails in its turn, once or for good, with one error or
 * another. The run has to say so and to leave nothing half done; then the same command completes, with the
 * same bytes as on a disk that never failed.
 */
import pLimit from 'p-limit';
import { expect, it } from 'vitest';
import type { Injection } from '../hooked.js';
import { rounds, SEED, scaled, technique } from '../technique.js';
import { CALLS, type Calls, trial, untroubled } from './disk-trial.js';
import { template, VERBS } from './disk-verbs.js';

const t = technique('disk that fails, call by call');

const ERRORS: Readonly<Record<Calls, readonly Injection['what'][]>> = {
  changing: ['EIO', 'ENOSPC', 'EROFS', 'EACCES', 'EDQUOT'],
  reading: ['EIO', 'EACCES'],
};
/**
 * Of the calls of a verb, so many are struck, each with one error; Infinity: each of them with each error.
 */
const STRUCK = rounds(2, 8);
/** In the quick form every so many of the verbs: the seed says which. */
const STRIDE = scaled(4, 1);
const chosen = VERBS.filter((_, i) => (i + SEED) % STRIDE === 3 % STRIDE);

it.each(chosen)('$name', { timeout: 600_000 }, async (verb) => {
  const whole = await untroubled(verb, await template());
  const limit = pLimit(2);
  const wrong: string[] = [];
  const cases = (Object.keys(CALLS) as Calls[]).flatMap((calls) => {
    const fitting = whole.fitting[calls];
    const step = Math.max(1, Math.floor(fitting / STRUCK));
    const from = 1 + (SEED % step);
    return ERRORS[calls].flatMap((what, e) =>
      Array.from({ length: Math.ceil(fitting / step) }, (_, i) => ({
        calls,
        what,
        at: from + i * step,
      })).filter((_, i) => STRUCK === Number.POSITIVE_INFINITY || i % ERRORS[calls].length === e),
    );
  });
  // A disk that does not come back before the run ends.
  const forGood = {
    calls: 'changing',
    what: 'ENOSPC',
    at: Math.ceil(whole.fitting.changing / 2),
    times: 1e9,
  } as const;
  await Promise.all(
    [...cases, forGood].map(({ calls, ...inject }) =>
      limit(() =>
        t
          .attempt(`${verb.name}: ${calls} call ${inject.at}, ${inject.what}`, async () => {
            const judged = await trial(whole, calls, inject);
            t.injected(judged.struck.length === 0 ? 0 : 1);
            if (judged.wrong.length === 0) return;
            const [struck] = judged.struck;
            throw new Error(`${struck?.call} ${struck?.path}: ${judged.wrong.join('; ')}`);
          })
          .catch((error: Error) => void wrong.push(error.message.slice(0, 1500))),
      ),
    ),
  );
  expect(wrong).toEqual([]);
});
