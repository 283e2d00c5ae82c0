import { expect, test } from 'vitest';
import { exp2, log2Ceil } from '#sandbox/market/exp2.js';

test('powers of two to fourteen digits, ascending', () => {
  let before = 0;
  for (let log = 0; log < 31 * 4096; log += 7) {
    const value = exp2(log);
    expect(Math.abs(value / 2 ** (log / 4096) - 1)).toBeLessThan(1e-14);
    expect(value).toBeGreaterThan(before);
    before = value;
  }
});

test('log2Ceil is the inverse', () => {
  for (const value of [1, 2, 3, 55, 33_326, 70_000_000, 2 ** 30]) {
    const log = log2Ceil(value);
    expect(exp2(log)).toBeGreaterThanOrEqual(value);
    if (log > 0) expect(exp2(log - 1)).toBeLessThan(value);
  }
});
