/**
 * Identifiers that look like the real ones: CIKs of ten digits with zeros before, FIGIs of `BBG` and nine
 * characters without vowels, CUSIP-like codes. Invented, but for the same listing always the same.
 */
import { GOLDEN, mix32 } from '#sandbox/market/hash.js';

const FIGI_LETTERS = '0123456789BCDFGHJKLMNPQRSTVWXYZ';
const CUSIP_LETTERS = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ';

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

/** 64 hexadecimal digits of two numbers: a market has so many records that some share one of 32 bits. */
export function hexId(seed: number, other: number): string {
  let text = '';
  for (let word = 1; word <= 8; word++)
    text += (mix32((word <= 4 ? seed : other) + Math.imul(word, GOLDEN)) >>> 0).toString(16).padStart(8, '0');
  return text;
}

function drawn(letters: string, length: number, seed: number): string {
  let text = '';
  for (let place = 1; place <= length; place++)
    text += letters.charAt((mix32(seed + Math.imul(place, GOLDEN)) >>> 0) % letters.length);
  return text;
}
