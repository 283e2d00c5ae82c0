import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  approximate,
  dividedBy,
  type Fraction,
  fractionOf,
  minus,
  ONE,
  plus,
  times,
} from '#market/adjust/fraction.js';

const fraction: fc.Arbitrary<Fraction> = fc
  .tuple(fc.bigInt({ min: 1n, max: 10n ** 12n }), fc.bigInt({ min: 1n, max: 10n ** 12n }))
  .map(([num, den]) => dividedBy({ num, den: 1n }, { num: den, den: 1n }));

describe('fractions', () => {
  it.each([
    ['0.26', 13n, 50n],
    ['2e+06', 2_000_000n, 1n],
    ['1.5E-2', 3n, 200n],
    ['.5', 1n, 2n],
    ['-0.25', -1n, 4n],
    ['4', 4n, 1n],
    ['0', 0n, 1n],
  ])('%s', (text, num, den) => {
    expect(fractionOf(text)).toEqual({ num, den });
  });

  it.each(['', '-', '.', 'NaN', '1,5', '1e9999', ' 1', '0x1'])('%j is no number', (text) => {
    expect(fractionOf(text)).toBeUndefined();
  });

  it('what is multiplied in another order is the same, to the digit', () => {
    fc.assert(
      fc.property(fc.array(fraction, { minLength: 2, maxLength: 8 }), fc.nat(7), (all, turn) => {
        const other = [...all.slice(turn).toReversed(), ...all.slice(0, turn)];
        expect(other.reduce(times, ONE)).toEqual(all.reduce(times, ONE));
      }),
    );
  });

  it('products are in lowest terms', () => {
    fc.assert(
      fc.property(fc.array(fraction, { minLength: 2, maxLength: 8 }), (all) => {
        const { num, den } = all.reduce(times, ONE);
        expect(commonDivisor(num, den)).toBe(1n);
        expect(num * all.reduce((below, one) => below * one.den, 1n)).toBe(
          den * all.reduce((above, one) => above * one.num, 1n),
        );
      }),
    );
  });

  it('a division takes a multiplication back, a difference a sum', () => {
    fc.assert(
      fc.property(fraction, fraction, (a, b) => {
        expect(dividedBy(times(a, b), b)).toEqual(a);
        expect(minus(plus(a, b), b)).toEqual(a);
      }),
    );
  });

  it('the double is within one place of the last, also of long fractions', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1e12, noNaN: true }), (value) => {
        const found = fractionOf(String(value)) as Fraction;
        expect(Math.abs(approximate(found) - value)).toBeLessThanOrEqual(value * 2 ** -51);
      }),
    );
  });
});

function commonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : commonDivisor(b, a % b);
}
