/**
 * Deflate's literals and matches (RFC 1951, section 3.2.5) as a search finds them in the text at TEXT, and
 * how often each symbol occurs.
 */
import { DISTANCE_COUNTS, DISTANCES, LITERAL_COUNTS, LITERAL_RUNS, LITERALS, MATCHES } from './places';
import { distanceSymbol, lengthSymbol } from './symbols';

const BLOCK_END: i32 = 256;
/** How far back a match may lie. */
export const WINDOW: i32 = 32_768;

let matches: usize = 0;
/** Behind the latest match. */
let literalsFrom: usize = 0;

export function startTokens(text: usize): void {
  memory.fill(LITERAL_COUNTS, 0, LITERALS * 4);
  memory.fill(DISTANCE_COUNTS, 0, DISTANCES * 4);
  matches = 0;
  literalsFrom = text;
}

/** A match at `from`; what stands between the one before and it are literals. */
export function addMatch(from: usize, length: usize, distance: usize): void {
  countLiterals(from);
  store<u32>(LITERAL_RUNS + (matches << 2), <u32>(from - literalsFrom));
  store<u32>(MATCHES + (matches << 2), <u32>((length << 16) | distance));
  matches++;
  countUp(LITERAL_COUNTS, lengthSymbol(length));
  countUp(DISTANCE_COUNTS, distanceSymbol(distance));
  literalsFrom = from + length;
}

/** Returns the number of matches. */
export function endTokens(end: usize): i32 {
  countLiterals(end);
  countUp(LITERAL_COUNTS, BLOCK_END);
  return <i32>matches;
}

function countLiterals(to: usize): void {
  for (let i = literalsFrom; i < to; i++) countUp(LITERAL_COUNTS, load<u8>(i));
}

function countUp(counts: usize, symbol: usize): void {
  const at = counts + (symbol << 2);
  store<u32>(at, load<u32>(at) + 1);
}
