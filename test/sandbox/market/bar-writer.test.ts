import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeMinimal, writePrice, writeSixDecimals, writeWhole } from '#sandbox/market/bar-writer.js';

function written(write: (target: Uint8Array) => number): string {
  const target = Buffer.alloc(32, '#');
  return target.toString('latin1', 0, write(target));
}

test('whole numbers as JavaScript writes them', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (value) => {
      expect(written((target) => writeWhole(target, 0, value))).toBe(String(value));
    }),
  );
});

test('minimal decimals are those of the exact decimal', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), fc.constantFrom(100, 10_000), (ticks, unit) => {
      expect(written((target) => writeMinimal(target, 0, ticks, unit))).toBe(String(ticks / unit));
    }),
  );
});

test('six decimals', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 31 - 1), fc.nat(999_999), (whole, millionths) => {
      const expected = `${whole}.${String(millionths).padStart(6, '0')}`;
      expect(written((target) => writeSixDecimals(target, 0, whole, millionths))).toBe(expected);
    }),
  );
});

test('a price below a millionth has an exponent, as JavaScript writes it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9999 }), fc.boolean(), (ticks, sixDecimals) => {
      const price = (target: Uint8Array) => writePrice(target, 0, ticks, 10_000_000_000, sixDecimals);
      expect(written(price)).toBe(String(ticks / 1e10));
    }),
  );
});
