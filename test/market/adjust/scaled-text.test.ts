import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dividedBy, fractionOf, ONE, times } from '#market/adjust/fraction.js';
import { factorOf, scaled, scaledExactly } from '#market/adjust/scaled-text.js';
import { plainDecimal } from '#market/records/decimal.js';

const of = (num: bigint, den: bigint) => times({ num, den }, ONE);

describe('decimal text times a factor', () => {
  it.each([
    ['20.34', 3n, 1n, '61.02'],
    ['0.000001', 1n, 2n, '0.000001'],
    ['0.000003', 1n, 2n, '0.000002'],
    ['0.000005', 1n, 10n, '0.000001'],
    ['0.000004', 1n, 10n, '0'],
    ['100', 1n, 3n, '33.333333'],
    ['200', 1n, 3n, '66.666667'],
    ['18037452.802142', 1n, 1n, '18037452.802142'],
    ['1e3', 1n, 2n, '500'],
    ['NaN', 1n, 2n, 'NaN'],
    ['', 1n, 2n, ''],
  ])('%s times %s/%s is %s: half away from zero', (text, num, den, expected) => {
    expect(scaled(text, factorOf(of(num, den)))).toBe(expected);
  });

  it('the quick way and whole numbers give the same text', () => {
    const price = fc
      .tuple(fc.nat(10_000_000_000), fc.nat(6))
      .map(([n, places]) => plainDecimal((n / 10 ** places).toFixed(places)));
    const factor = fc
      .tuple(fc.bigInt({ min: 1n, max: 5000n }), fc.bigInt({ min: 1n, max: 5000n }))
      .map(([num, den]) => of(num, den));
    fc.assert(
      fc.property(price, factor, (text, exact) => {
        expect(scaled(text, factorOf(exact))).toBe(scaledExactly(text, exact));
      }),
      { numRuns: 2000 },
    );
  });

  it('a fraction of many dividends prints the same from the digits that are kept of it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 40, maxLength: 80 }),
        fc.integer({ min: 1, max: 99_999_999 }),
        (amounts, cents) => {
          const exact = amounts
            .map((cash, i) =>
              dividedBy(
                { num: BigInt(9731 + i * 7 - cash), den: 1n },
                { num: BigInt(9731 + i * 7), den: 1n },
              ),
            )
            .reduce(times, ONE);
          const text = (cents / 100).toFixed(2);
          expect(scaled(text, factorOf(exact))).toBe(scaledExactly(text, exact));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('what is multiplied and divided by the same comes back', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.constantFrom(2n, 4n, 5n, 10n, 20n), (cents, ratio) => {
        const text = scaledExactly((cents / 100).toFixed(2), ONE);
        const half = scaledExactly(text, of(1n, ratio));
        expect(scaledExactly(half, of(ratio, 1n))).toBe(text);
        expect(fractionOf(half)).toBeDefined();
      }),
    );
  });
});
