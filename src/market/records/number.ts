/**
 * What counts as a number in the vendor's files, on bytes. Numbers are decimal text (digits, at most one
 * point, perhaps an exponent) and are never passed through a binary float where their value is kept; see
 * decimal.ts for the text.
 */

/**
 * The value of a plain decimal in units of 10^-9, where it can be held exactly: at most 6 digits before and 9
 * behind the point (below 2^53). -1: not exact this way, ask the slow path. Only for comparing prices
 * quickly.
 */
export function nanoUnits(bytes: Uint8Array, start: number, end: number): number {
  // In two halves of at most nine digits, which both stay small integers.
  let whole = 0;
  let i = start;
  for (; i < end; i++) {
    const digit = (bytes[i] as number) - 48;
    if (digit < 0 || digit > 9) break;
    if (i - start === 6) return -1;
    whole = (whole * 10 + digit) | 0;
  }
  if (i === start) return -1;
  if (i === end) return whole * 1e9;
  const decimals = end - i - 1;
  if (bytes[i] !== 46 || decimals === 0 || decimals > 9) return -1;
  let fraction = 0;
  for (i++; i < end; i++) {
    const digit = (bytes[i] as number) - 48;
    if (digit < 0 || digit > 9) return -1;
    fraction = (fraction * 10 + digit) | 0;
  }
  return whole * 1e9 + fraction * (POWERS[9 - decimals] as number);
}

const POWERS = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9] as const;

/**
 * Whether the field is digits with at most one point between them: the plain form, by far the most common.
 */
export function isPlainNumber(bytes: Uint8Array, start: number, end: number): boolean {
  let digits = 0;
  let points = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte >= 48 && byte <= 57) digits++;
    else if (byte === 46 && points === 0 && digits > 0 && i + 1 < end) points = 1;
    else return false;
  }
  return digits > 0;
}
