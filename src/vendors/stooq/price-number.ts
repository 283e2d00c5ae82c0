/** A price or a volume out of the bytes of a row: plain decimals at once, everything else by way of text. */

const [ZERO, NINE, POINT, MINUS] = [48, 57, 46, 45];
/** So many digits are below 2^53, and the quotient of two exact numbers is the nearest to the decimal. */
const EXACT_DIGITS = 15;
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, n) => 10 ** n);

/** NaN where it is no number; nothing at all is none either. */
export function numberAt(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  let digits = 0;
  let point = -1;
  const isNegative = bytes[start] === MINUS;
  for (let i = isNegative ? start + 1 : start; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte >= ZERO && byte <= NINE) {
      value = value * 10 + (byte - ZERO);
      if (value !== 0) digits++;
    } else if (byte === POINT && point < 0) point = i;
    else return slowNumber(bytes, start, end);
  }
  const decimals = point < 0 ? 0 : end - point - 1;
  if (digits > EXACT_DIGITS || decimals > EXACT_DIGITS || (value === 0 && !hasDigit(bytes, start, end)))
    return slowNumber(bytes, start, end);
  const size = decimals === 0 ? value : value / (POWERS[decimals] as number);
  return isNegative ? -size : size;
}

function hasDigit(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++)
    if ((bytes[i] as number) >= ZERO && (bytes[i] as number) <= NINE) return true;
  return false;
}

function slowNumber(bytes: Uint8Array, start: number, end: number): number {
  const text = String.fromCharCode(...bytes.subarray(start, end)).trim();
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}
