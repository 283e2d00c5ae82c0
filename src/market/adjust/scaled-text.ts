/**
 * Decimal text times an exact factor, as decimal text of at most six decimals, rounded half away from zero.
 * Nearly all products are far enough from a tie for a double to be sure of the rounding; the others are made
 * of whole numbers. Both ways give the same text (a property in the tests).
 */
import { isDecimal, plainDecimal } from '#market/records/decimal.js';
import { approximate, type Fraction, isOne } from './fraction.js';

export interface Factor {
  readonly exact: Fraction;
  readonly double: number;
}

/** Digits of a long fraction that are kept: far more than are printed. */
const SCALE = 10n ** 48n;
const SHORT = 10n ** 40n;

/** A fraction of many dividends has thousands of digits: 48 decimals of it are kept. */
export function factorOf(fraction: Fraction): Factor {
  const { num, den } = fraction;
  const exact =
    num < SHORT && den < SHORT ? fraction : { num: (2n * num * SCALE + den) / (2n * den), den: SCALE };
  return { exact, double: approximate(exact) };
}

const DECIMALS = 6;
const UNIT = 10 ** DECIMALS;
const UNITS = BigInt(UNIT);
/** Below it, a double's error is far less than `NEAR`. */
const MOST_SURE = 1e11;
const NEAR = 1e-3;

/** Text that is no decimal number (a row of the user's) stays as it is. */
export function scaled(text: string, factor: Factor): string {
  if (isOne(factor.exact)) return text;
  const value = Number(text) * factor.double * UNIT;
  const whole = Math.floor(value);
  return value < MOST_SURE && Math.abs(value - whole - 0.5) > NEAR && /^\d+(?:\.\d+)?$/.test(text)
    ? unitsText(Math.round(value))
    : scaledExactly(text, factor.exact);
}

/** The same by whole numbers alone. */
export function scaledExactly(text: string, { num, den }: Fraction): string {
  if (!isDecimal(text)) return text;
  const plain = plainDecimal(text);
  const point = plain.indexOf('.');
  const decimals = point === -1 ? 0 : plain.length - point - 1;
  const above = BigInt(plain.replace('.', '')) * num * UNITS;
  const below = den * 10n ** BigInt(decimals);
  return unitsText((2n * above + below) / (2n * below));
}

function unitsText(units: number | bigint): string {
  const digits = String(units).padStart(DECIMALS + 1, '0');
  const whole = digits.slice(0, -DECIMALS);
  let end = digits.length;
  while (end > whole.length && digits.charCodeAt(end - 1) === 48) end--;
  return end === whole.length ? whole : `${whole}.${digits.slice(whole.length, end)}`;
}
