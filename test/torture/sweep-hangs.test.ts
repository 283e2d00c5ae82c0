/** The failure-rate sweep's slow part: what would hang for ever, a listing or a day, and is ended by the watchdog. Side by side. */
import { expect, it } from 'vitest';
import { together } from '../workdir.js';
import { faultless, SLOW, spoilt } from './spoilt.js';
import { SEED, scaled, technique } from './technique.js';

const t = technique('failure-rate sweep: hangs');

it('what stalls, is never answered, or drips', { timeout: scaled(240_000, 4 * 3_600_000) }, async () => {
  const whole = await faultless();
  expect(SLOW.length).toBe(3);
  const rates = scaled(1, 3) === 1 ? [0.5] : [0.1, 0.5, 0.9];
  const times = scaled(1, 5);
  await together(
    SLOW.flatMap((kind) =>
      (['list', 'get'] as const).flatMap((one) =>
        rates.map((rate, n) => spoilt(t, [{ kind, rate, times, operations: [one] }], whole, SEED + n)),
      ),
    ),
  );
});
