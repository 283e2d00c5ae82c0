/**
 * Looks for matches only at commas, in two places: one field before, and the same field of the line before.
 * Where each line is another ticker's, that finds what repeats as well as everywhere.ts, and in a sixth of
 * its time; of other bytes it finds little.
 */
import { TEXT } from './places';
import { LONGEST } from './symbols';
import { addMatch, endTokens, startTokens, WINDOW } from './tokens';

/** How much of the longest match may lie before its comma. */
const MOST_BEFORE: usize = 50;
const FIELDS: usize = 32;
const COMMA: i32 = 44;
const NEWLINE: i32 = 10;
const ZEROS: u32 = 0x303030;

/**
 * Where the separator before each field stands, in this line and in the one before: which half is which
 * changes with each line.
 */
const SEPARATORS: usize = memory.data(2 * 32 * 4, 16);
/** Fields that were the same in the latest two lines. */
const STEADY: usize = memory.data(32, 16);

/** The text at TEXT, at most MOST_TEXT bytes. Returns the number of matches (tokens.ts). */
export function searchFields(length: i32): i32 {
  const start = TEXT;
  const end = start + <usize>length;
  startTokens(start);
  memory.fill(STEADY, 0, FIELDS);
  for (let k: usize = 0; k < 2 * FIELDS; k++) store<u32>(SEPARATORS + (k << 2), <u32>start);
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
    if (distance === 0 || distance > <usize>WINDOW || load<u8>(i - distance) !== COMMA) {
      i++;
      continue;
    }
    let from = i;
    const least = max(max(literalsFrom, start + distance), i - MOST_BEFORE);
    while (from > least && load<u8>(from - 1) === load<u8>(from - 1 - distance)) from--;
    addMatch(from, to - from, distance);
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
  return endTokens(end);
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
