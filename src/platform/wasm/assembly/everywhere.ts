/**
 * Looks for matches at every place of a text, among the latest places with the same four bytes and with the
 * same eight, and takes what saves most bits, not what is longest: a digit costs less than four bits, a near
 * match thirteen, a far one twenty and more.
 */
import { TEXT } from './places';
import { LONGEST } from './symbols';
import { addMatch, endTokens, startTokens, WINDOW } from './tokens';

const FOUR_BITS: u64 = 13;
const EIGHT_BITS: u64 = 14;
/**
 * By hash the four latest places, counted from 1, 16 bits each, the latest lowest: of four bytes, and of
 * eight.
 */
const FOURS: usize = memory.data(8 << 13, 16);
const EIGHTS: usize = memory.data(8 << 14, 16);
/**
 * An odd number near 2^64 divided by the golden ratio: its product has mixed upper bits (Fibonacci hashing).
 */
const MIX: u64 = (0x9e37_79b1 << 32) | 0x85eb_ca87;

/** Costs in eighths of a bit, as market rows have them in the mean. */
const LITERAL: i32 = 30;
const MATCH: i32 = 70;
const BIT: i32 = 8;
/** A match of so many bytes is taken without a look for a better one. */
const ENOUGH: i32 = 40;
const LEAST: i32 = 4;
const VECTOR: i32 = 16;
/** Each place needs eight bytes. */
const TAIL: usize = 8;

/** What `search` found. */
let foundLength: i32 = 0;
let foundDistance: i32 = 0;

/** The text at TEXT, at most MOST_TEXT bytes. Returns the number of matches (tokens.ts). */
export function searchEverywhere(length: i32): i32 {
  const end = TEXT + <usize>length;
  const last = end - TAIL;
  startTokens(TEXT);
  memory.fill(FOURS, 0, 8 << (<usize>FOUR_BITS));
  memory.fill(EIGHTS, 0, 8 << (<usize>EIGHT_BITS));
  let i = TEXT;
  while (i < last) {
    let saved = search(i, end, 0);
    i++;
    if (saved === 0) continue;
    let matched = foundLength;
    let distance = foundDistance;
    let from = i - 1;
    while (matched < ENOUGH && i < last) {
      const later = search(i, end, saved);
      i++;
      if (later === saved) break;
      saved = later;
      matched = foundLength;
      distance = foundDistance;
      from = i - 1;
    }
    addMatch(from, <usize>matched, <usize>distance);
    const to = from + <usize>matched;
    for (const known = min(to, last); i < known; i++) {
      const four = fourOf(i);
      store<u64>(four, (load<u64>(four) << 16) | placeOf(i));
      const eight = eightOf(i);
      store<u64>(eight, (load<u64>(eight) << 16) | placeOf(i));
    }
    i = to;
  }
  return endTokens(end);
}

/**
 * Puts the place among the latest ones. Returns what the best match at it saves, where that is more than
 * `least`; otherwise `least`.
 */
function search(i: usize, end: usize, least: i32): i32 {
  const place = <i32>placeOf(i);
  const first = max(place - WINDOW, 1);
  const most = <i32>min(end - i, LONGEST);
  const four = fourOf(i);
  let near = load<u64>(four);
  store<u64>(four, (near << 16) | place);
  const eight = eightOf(i);
  let long = load<u64>(eight);
  store<u64>(eight, (long << 16) | place);
  let saved = least;
  let longest = LEAST - 1;
  for (; long !== 0; long >>= 16) {
    const distance = place - <i32>(long & 0xffff);
    if (place - distance < first) break;
    const length = sameBytes(i, <usize>distance, most);
    if (length <= longest) continue;
    longest = length;
    saved = better(saved, length, distance);
  }
  if (longest >= ENOUGH) return saved;
  for (; near !== 0; near >>= 16) {
    const distance = place - <i32>(near & 0xffff);
    if (place - distance < first) break;
    const length = sameBytes(i, <usize>distance, most);
    if (length <= longest) continue;
    longest = length;
    saved = better(saved, length, distance);
    if (length >= ENOUGH) break;
  }
  return saved;
}

function better(saved: i32, length: i32, distance: i32): i32 {
  const extraBits = distance < 5 ? 0 : 30 - clz(distance - 1);
  const saves = length * LITERAL - MATCH - extraBits * BIT;
  if (saves <= saved) return saved;
  foundLength = length;
  foundDistance = distance;
  return saves;
}

function placeOf(i: usize): u32 {
  return <u32>(i - TEXT) + 1;
}

function fourOf(i: usize): usize {
  return FOURS + ((<usize>(((load<u64>(i) << 32) * MIX) >> (64 - FOUR_BITS))) << 3);
}

function eightOf(i: usize): usize {
  return EIGHTS + ((<usize>((load<u64>(i) * MIX) >> (64 - EIGHT_BITS))) << 3);
}

/** How many bytes from `i` on, at most `most`, are those `distance` before. */
function sameBytes(i: usize, distance: usize, most: i32): i32 {
  const length = sameInVector(i, distance);
  return min(length < VECTOR ? length : sameBeyond(i, distance, most), most);
}

function sameBeyond(i: usize, distance: usize, most: i32): i32 {
  let length = VECTOR;
  while (length < most) {
    const more = sameInVector(i + <usize>length, distance);
    length += more;
    if (more < VECTOR) break;
  }
  return length;
}

function sameInVector(i: usize, distance: usize): i32 {
  const same = i8x16.bitmask(i8x16.eq(v128.load(i), v128.load(i - distance)));
  return min(ctz(~same), VECTOR);
}
