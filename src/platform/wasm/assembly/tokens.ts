/**
 * Cuts a text into deflate's literals and matches (RFC 1951, sections 3.2.3 and 3.2.5), looking for a match only at commas, in two
 * places: one field before, and the same field of the line before. That finds what repeats in market rows at a fraction of the cost of hash
 * chains; for other bytes the tokens are as valid, and mostly literals.
 */
import { DISTANCE_COUNTS, LITERAL_COUNTS, LITERAL_RUNS, MATCHES, TEXT } from './places';
import { distanceSymbol, LONGEST, lengthSymbol } from './symbols';

const BLOCK_END: i32 = 256;
const WINDOW: usize = 32_768;
/** How much of the longest match may lie before its comma. */
const MOST_BEFORE: usize = 50;
const FIELDS: usize = 32;
const COMMA: i32 = 44;
const NEWLINE: i32 = 10;
const ZEROS: u32 = 0x303030;

/** Where the separator before each field stands, in this line and in the one before: which half is which changes with each line. */
const SEPARATORS: usize = memory.data(2 * 32 * 4, 16);
/** Fields that were the same in the latest two lines. */
const STEADY: usize = memory.data(32, 16);

/** The text at TEXT, at most MOST_TEXT bytes. Returns the number of matches; leaves them, the runs before them and the counts of symbols. */
export function tokenize(length: i32): i32 {
  const start = TEXT;
  const end = start + <usize>length;
  memory.fill(LITERAL_COUNTS, 0, 286 * 4);
  memory.fill(DISTANCE_COUNTS, 0, 30 * 4);
  memory.fill(STEADY, 0, FIELDS);
  for (let k: usize = 0; k < 2 * FIELDS; k++) store<u32>(SEPARATORS + (k << 2), <u32>start);
  let count: usize = 0;
  let literalsFrom = start;
  let line: usize = 0;
  let field: usize = 0;
  let separator = start;
  let i = start + 1;
  const last = end - 4;
  while (i < last) {
    let byte: i32 = load<u8>(i);
    while (byte > COMMA && i < last) byte = load<u8>(++i);
    if (i >= last) break;
    if (byte !== COMMA) {
      if (byte === NEWLINE) {
        line ^= FIELDS;
        field = 0;
        separator = i;
        store<u32>(SEPARATORS + (line << 2), <u32>i);
      }
      i++;
      continue;
    }
    field = (field + 1) & (FIELDS - 1);
    const before = i - separator;
    const above = i - <usize>load<u32>(SEPARATORS + (((line ^ FIELDS) + field) << 2));
    separator = i;
    store<u32>(SEPARATORS + ((line + field) << 2), <u32>i);
    const most = min(end, i + LONGEST - MOST_BEFORE);
    const here = load<u32>(i);
    let distance: usize = 0;
    let to = i + 1;
    // The comma is the lowest byte: compared are the two, or three, behind it.
    if (load<u8>(STEADY + field) === 0 && ((here ^ load<u32>(i - before)) & 0x00ff_ff00) === 0) {
      distance = before;
      to = sameUntil(i + 3, before, most);
    } else if (((here ^ load<u32>(i - above)) & 0xffff_ff00) === 0) {
      distance = above;
      to = sameUntil(i + 4, above, most);
      store<u8>(STEADY + field, to - i > 7 ? 1 : 0);
    } else {
      store<u8>(STEADY + field, 0);
      if (i - literalsFrom >= 3 && areZeros(i - 3) && i - above >= start + 3 && areZeros(i - above - 3)) {
        distance = above;
      }
    }
    if (distance === 0 || distance > WINDOW || load<u8>(i - distance) !== COMMA) {
      i++;
      continue;
    }
    let from = i;
    const least = max(max(literalsFrom, start + distance), i - MOST_BEFORE);
    while (from > least && load<u8>(from - 1) === load<u8>(from - 1 - distance)) from--;
    countLiterals(literalsFrom, from);
    store<u32>(LITERAL_RUNS + (count << 2), <u32>(from - literalsFrom));
    store<u32>(MATCHES + (count << 2), <u32>(((to - from) << 16) | distance));
    count++;
    countUp(LITERAL_COUNTS, lengthSymbol(to - from));
    countUp(DISTANCE_COUNTS, distanceSymbol(distance));
    if (distance === before) {
      // Its source is the field before: the commas inside follow each other at that distance.
      while (separator + before < to) {
        separator += before;
        field = (field + 1) & (FIELDS - 1);
        store<u32>(SEPARATORS + ((line + field) << 2), <u32>separator);
      }
    } else {
      for (i++; i < to; i++) {
        const inside: i32 = load<u8>(i);
        if (inside > COMMA) continue;
        if (inside === COMMA) {
          field = (field + 1) & (FIELDS - 1);
          separator = i;
          store<u32>(SEPARATORS + ((line + field) << 2), <u32>i);
        } else if (inside === NEWLINE) {
          line ^= FIELDS;
          field = 0;
          separator = i;
          store<u32>(SEPARATORS + (line << 2), <u32>i);
        }
      }
    }
    i = to;
    literalsFrom = to;
  }
  countLiterals(literalsFrom, end);
  countUp(LITERAL_COUNTS, BLOCK_END);
  return <i32>count;
}

function countUp(counts: usize, symbol: usize): void {
  const at = counts + (symbol << 2);
  store<u32>(at, load<u32>(at) + 1);
}

function countLiterals(from: usize, to: usize): void {
  for (let i = from; i < to; i++) countUp(LITERAL_COUNTS, load<u8>(i));
}

/** The first place from `at` on, and at most `most`, whose byte is another than the one `distance` before. */
function sameUntil(at: usize, distance: usize, most: usize): usize {
  for (; at + 8 <= most; at += 8) {
    const difference = load<u64>(at) ^ load<u64>(at - distance);
    if (difference !== 0) return at + (<usize>ctz(difference) >> 3);
  }
  while (at < most && load<u8>(at) === load<u8>(at - distance)) at++;
  return at;
}

function areZeros(at: usize): bool {
  return (load<u32>(at) & 0x00ff_ffff) === ZEROS;
}
