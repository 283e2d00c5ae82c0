import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDecimal } from '#market/records/decimal.js';
import { subtractDecimals, sumDecimals } from '#market/records/decimal-sum.js';

const decimal = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.nat(12)).map(([units, decimals]) => {
  const digits = String(units).padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
});

describe('sums of decimal text', () => {
  it.each([
    [[], '0'],
    [['33278552.153126', '0.000004'], '33278552.15313'],
    [['0.1', '0.2'], '0.3'],
    [['9007199254740993', '1'], '9007199254740994'],
    [['1e-05', '.5', '5.'], '5.50001'],
  ])('%j is %s', (texts, sum) => {
    expect(sumDecimals(texts)).toBe(sum);
  });

  it('what was added can be taken away again, whatever the order', () => {
    fc.assert(
      fc.property(decimal, decimal, decimal, (a, b, c) => {
        const sum = sumDecimals([a, b, c]);
        expect(sumDecimals([c, a, b])).toBe(sum);
        expect(compareDecimal(subtractDecimals(subtractDecimals(sum, a), c), b)).toBe(0);
      }),
    );
  });

  it('a difference has a sign only where it is below zero', () => {
    expect(subtractDecimals('1.5', '2')).toBe('-0.5');
    expect(subtractDecimals('2', '2.00')).toBe('0');
    expect(() => subtractDecimals('NaN', '1')).toThrow(RangeError);
  });
});
