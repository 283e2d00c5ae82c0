/** A price or a volume out of the bytes of a row: plain decimals at once, everything else by way of text. */

const [ZERO, POINT] = [48, 46];
/**
 * Digits and a point: so many digits are below 2^53, and the quotient of two exact numbers is the nearest to
 * the decimal.
 */
const EXACT_LENGTH = 16;
const POWERS = Float64Array.from({ length: EXACT_LENGTH }, (_, n) => 10 ** n);

/** NaN where it is no number; nothing at all is none either. */
export function numberAt(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > EXACT_LENGTH || end - start < 2) return slowNumber(bytes, start, end);
  let value = 0;
  let point = 0;
  for (let i = start; i < end; i++) {
    const digit = (bytes[i] as number) - ZERO;
    if (digit >= 0 && digit <= 9) value = value * 10 + digit;
    else if (digit === POINT - ZERO && point === 0) point = i + 1;
    else return slowNumber(bytes, start, end);
  }
  if (point === 0) return end - start < EXACT_LENGTH ? value : slowNumber(bytes, start, end);
  return value / (POWERS[end - point] as number);
}

function slowNumber(bytes: Uint8Array, start: number, end: number): number {
  if (end - start === 1) {
    const digit = (bytes[start] as number) - ZERO;
    return digit >= 0 && digit <= 9 ? digit : Number.NaN;
  }
  const text = String.fromCharCode(...bytes.subarray(start, end)).trim();
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}
