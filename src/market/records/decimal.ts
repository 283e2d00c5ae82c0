/**
 * Numbers as decimal text. Prices and volumes are never passed through a binary float, so that what the
 * vendor wrote is what the series holds; only what says nothing (trailing zeros, an exponent) is put in one
 * form. Non-negative numbers only: neither prices nor volumes have a sign.
 */

const DECIMAL = /^(?:\d+(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d{1,4}))?$/;
const MAX_EXPONENT = 40;
const ZERO = 48;
const NINE = 57;

/**
 * Digits with at most one point (`12`, `1.5`, `.5`, `5.`), and an exponent from -40 to 40 if any (`1e-05`,
 * `1.5E+06`).
 */
export function isDecimal(text: string): boolean {
  const match = DECIMAL.exec(text);
  return match !== null && (match[1] === undefined || Math.abs(Number(match[1])) <= MAX_EXPONENT);
}

/**
 * `115.030000` is `115.03`, `6944.000000` is `6944`; `100` stays, and so does every text that is not digits
 * round one point. Quick where there is nothing to drop: this sees every number of the vendor's.
 */
export function trimDecimal(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  if (last !== ZERO && text.charAt(text.length - 1) !== '.') return text;
  const point = text.indexOf('.');
  if (point < 1 || !areDigits(text, 0, point) || !areDigits(text, point + 1, text.length)) return text;
  let end = text.length;
  while (text.charCodeAt(end - 1) === ZERO) end--;
  return text.slice(0, end - 1 === point ? point : end);
}

/**
 * The one plain form of a number for which `isDecimal` holds: no exponent, no zero that is not needed, a
 * digit before the point (`1e-05` is `0.00001`, `.50` is `0.5`, `007` is `7`). RangeError for any other text.
 */
export function plainDecimal(text: string): string {
  if (isPlain(text)) return text;
  if (!isDecimal(text)) throw new RangeError(`${JSON.stringify(text)} is not a decimal number`);
  const [mantissa = '', exponent = '0'] = text.split(/[eE]/);
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const padded = point < 0 ? '0'.repeat(-point) + digits : digits.padEnd(point, '0');
  const cut = Math.max(point, 0);
  const integer = padded.slice(0, cut).replace(/^0+/, '') || '0';
  // Not by a pattern: /0+$/ takes quadratic time over zeros in the middle.
  let end = padded.length;
  while (end > cut && padded.charCodeAt(end - 1) === ZERO) end--;
  return end === cut ? integer : `${integer}.${padded.slice(cut, end)}`;
}

/** Whether the text is in the plain form already, as nearly all are that come out of a series. */
function isPlain(text: string): boolean {
  const { length } = text;
  const point = text.indexOf('.');
  const end = point === -1 ? length : point;
  if (end === 0 || (end > 1 && text.charCodeAt(0) === ZERO) || !areDigits(text, 0, end)) return false;
  if (point === -1) return true;
  return point < length - 1 && text.charCodeAt(length - 1) !== ZERO && areDigits(text, point + 1, length);
}

/**
 * Which of two plain numbers (digits, at most one point, no exponent) is larger; exact for any number of
 * digits.
 */
export function compareDecimal(a: string, b: string): -1 | 0 | 1 {
  if (a === b) return 0;
  const aPoint = pointOf(a);
  const bPoint = pointOf(b);
  const aStart = firstDigit(a, aPoint);
  const bStart = firstDigit(b, bPoint);
  if (aPoint - aStart !== bPoint - bStart) return aPoint - aStart < bPoint - bStart ? -1 : 1;
  // From the first digit that counts, both run in step; past an end stands a zero.
  const length = Math.max(a.length - aStart, b.length - bStart);
  for (let i = 0; i < length; i++) {
    const difference = digitAt(a, aStart + i) - digitAt(b, bStart + i);
    if (difference !== 0) return difference < 0 ? -1 : 1;
  }
  return 0;
}

function pointOf(text: string): number {
  const point = text.indexOf('.');
  return point === -1 ? text.length : point;
}

/** Where the whole part begins once its leading zeros are gone; the point itself for a number below 1. */
function firstDigit(text: string, point: number): number {
  let start = 0;
  while (start < point && text.charCodeAt(start) === ZERO) start++;
  return start;
}

/**
 * The point compares as itself with itself, for it stands in the same place; where one number ends at it, as
 * a zero.
 */
function digitAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code >= ZERO && code <= NINE ? code - ZERO : 0;
}

function areDigits(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code < ZERO || code > NINE) return false;
  }
  return true;
}
