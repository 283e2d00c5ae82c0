/**
 * Exact fractions of whole numbers of any size: split ratios and dividends' factors multiply without a
 * rounding, so that their order changes nothing.
 */

export interface Fraction {
  readonly num: bigint;
  /** Above 0. */
  readonly den: bigint;
}

export const ONE: Fraction = { num: 1n, den: 1n };

const NUMBER = /^(-?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Of decimal text, with a sign and an exponent if any (`0.26`, `2e+06`). Undefined for any other text. */
export function fractionOf(text: string): Fraction | undefined {
  const match = NUMBER.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', decimals = '', exponent = '0'] = match;
  const digits = whole + decimals;
  if (digits === '') return undefined;
  const units = BigInt(digits) * (sign === '-' ? -1n : 1n);
  const power = Number(exponent) - decimals.length;
  return power >= 0
    ? { num: units * 10n ** BigInt(power), den: 1n }
    : reduced({ num: units, den: 10n ** BigInt(-power) });
}

/**
 * Both reduced. What goes into both sides is taken out before they are multiplied: one of the two is nearly
 * always short, and the products of many dividends are long.
 */
export function times(a: Fraction, b: Fraction): Fraction {
  const across = commonOf(a.num, b.den);
  const other = commonOf(b.num, a.den);
  return { num: (a.num / across) * (b.num / other), den: (a.den / other) * (b.den / across) };
}

function commonOf(num: bigint, den: bigint): bigint {
  return greatestCommonDivisor(num < 0n ? -num : num, den);
}

/** RangeError where `b` is 0. */
export function dividedBy(a: Fraction, b: Fraction): Fraction {
  if (b.num === 0n) throw new RangeError('a division by zero');
  return times(a, b.num < 0n ? { num: -b.den, den: -b.num } : { num: b.den, den: b.num });
}

export function plus(a: Fraction, b: Fraction): Fraction {
  return reduced({ num: a.num * b.den + b.num * a.den, den: a.den * b.den });
}

export function minus(a: Fraction, b: Fraction): Fraction {
  return plus(a, { num: -b.num, den: b.den });
}

export function isOne({ num, den }: Fraction): boolean {
  return num === den;
}

/** The double nearest to it, but for one in its last place. */
export function approximate({ num, den }: Fraction): number {
  const places = Math.max(0, SURE_DIGITS + String(den).length - String(num).length);
  return Number((num * 10n ** BigInt(places)) / den) / 10 ** places;
}

const SURE_DIGITS = 20;

function reduced({ num, den }: Fraction): Fraction {
  const divisor = commonOf(num, den);
  return divisor === 1n ? { num, den } : { num: num / divisor, den: den / divisor };
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [large, small] = [a, b];
  while (small > MOST_SAFE) [large, small] = [small, large % small];
  if (small === 0n) return large;
  // Many times quicker as plain numbers.
  let [more, less] = [Number(small), Number(large % small)];
  while (less !== 0) [more, less] = [less, more % less];
  return BigInt(more);
}

const MOST_SAFE = BigInt(Number.MAX_SAFE_INTEGER);
