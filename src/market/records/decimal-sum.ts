/**
 * Sums and differences of numbers that are decimal text (decimal.ts), exact for any number of digits: what is
 * added up is still data.
 */
import { plainDecimal } from './decimal.js';

/** The sum in plain form; `0` of none. RangeError for a text for which `isDecimal` does not hold. */
export function sumDecimals(texts: readonly string[]): string {
  const decimals = mostDecimals(texts);
  return textOf(
    texts.reduce((sum, text) => sum + unitsOf(text, decimals), 0n),
    decimals,
  );
}

/** `a` - `b` in plain form, with a minus sign where `b` is larger. RangeError as above. */
export function subtractDecimals(a: string, b: string): string {
  const decimals = mostDecimals([a, b]);
  const units = unitsOf(a, decimals) - unitsOf(b, decimals);
  return units < 0n ? `-${textOf(-units, decimals)}` : textOf(units, decimals);
}

function mostDecimals(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, decimalsOf(plainDecimal(text))), 0);
}

function decimalsOf(plain: string): number {
  const point = plain.indexOf('.');
  return point === -1 ? 0 : plain.length - point - 1;
}

/** In units of 10^-decimals. */
function unitsOf(text: string, decimals: number): bigint {
  const plain = plainDecimal(text);
  return BigInt(plain.replace('.', '') + '0'.repeat(decimals - decimalsOf(plain)));
}

function textOf(units: bigint, decimals: number): string {
  const digits = String(units).padStart(decimals + 1, '0');
  const point = digits.length - decimals;
  return plainDecimal(`${digits.slice(0, point)}.${digits.slice(point)}`);
}
