/** What would hang for ever: a body that stalls, an answer that never begins, a body that drips. The watchdog ends each. */
import { expect, it } from 'vitest';
import { together } from '../workdir.js';
import { faultless, SLOW, spoilt } from './spoilt.js';

it('stall, stall-head, drip', { timeout: 120_000 }, async () => {
  const whole = await faultless();
  expect(SLOW.length).toBe(3);
  await together(
    (['stall', 'stall-head', 'drip'] as const).map((kind) => spoilt({ kind, rate: 0.3, times: 1 }, whole)),
  );
});
