/**
 * The failure-rate sweep's slow part: what would hang for ever, a listing or a day, and is ended by the
 * watchdog. Side by side.
 */
import { expect, it } from 'vitest';
import { together } from '../../support/workdir.js';
import { LONG, SEED, scaled, technique } from '../technique.js';
import { faultless, SLOW, spoilt } from './spoilt.js';

const t = technique('failure-rate sweep: hangs');

it('what stalls, is never answered, or drips', { timeout: scaled(240_000, 4 * 3_600_000) }, async () => {
  const whole = await faultless();
  expect(SLOW.length).toBe(3);
  const rates = scaled(1, 3) === 1 ? [0.5] : [0.1, 0.5, 0.9];
  const cases = SLOW.flatMap((kind) => (['list', 'get'] as const).map((one) => ({ kind, one })));
  // A day that drips is let drip for a minute, a listing and what is silent for half of one.
  const chosen = cases.filter(({ kind, one }) => LONG || (kind === 'drip') === (one === 'list'));
  await together(
    chosen.flatMap(({ kind, one }) =>
      rates.map((rate, n) => {
        // Until a day is given up; one that drips, which takes a minute each time, until it is tried again.
        const times = scaled(1, kind === 'drip' && one === 'get' ? 2 : 5);
        return spoilt(t, [{ kind, rate, times, operations: [one] }], whole, SEED + n);
      }),
    ),
  );
});
