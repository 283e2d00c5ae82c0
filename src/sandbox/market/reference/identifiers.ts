/**
 * Identifiers that look like the real ones: CIKs of ten digits with zeros before, FIGIs of `BBG` and nine
 * characters without vowels, CUSIP-like codes. Invented, but for the same listing always the same.
 */
import { GOLDEN, mix32 } from '#sandbox/market/hash.js';

const FIGI_LETTERS = '0123456789BCDFGHJKLMNPQRSTVWXYZ';
const CUSIP_LETTERS = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const HEX = '0123456789abcdef';

export function figiOf(seed: number, kind: 'composite' | 'shareClass'): string {
  return kind === 'composite'
    ? `BBG000${drawn(FIGI_LETTERS, 6, seed)}`
    : `BBG001S${drawn(FIGI_LETTERS, 5, seed)}`;
}

export function cusipOf(seed: number): string {
  return `${drawn(CUSIP_LETTERS, 8, seed ^ 0x55)}${(seed >>> 3) % 10}`;
}

export function cikText(cik: number): string {
  return String(cik).padStart(10, '0');
}

/** So many hexadecimal digits. */
export function hexId(seed: number, length: number): string {
  return drawn(HEX, length, seed);
}

function drawn(letters: string, length: number, seed: number): string {
  let text = '';
  for (let place = 1; place <= length; place++)
    text += letters.charAt((mix32(seed + Math.imul(place, GOLDEN)) >>> 0) % letters.length);
  return text;
}
