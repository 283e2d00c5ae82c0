/**
 * A raw deflate stream (RFC 1951) of one block, with codes of its own (section 3.2.7), or the fixed ones
 * (3.2.6) where it is short: its parts, and the way from one to the next.
 */
import { position, putBits, startBits } from './bits';
import { putBody } from './body';
import { putCodes } from './codes';
import { searchEverywhere } from './everywhere';
import { searchFields } from './fields';
import { canonicalCodes, codeLengths, useTwo } from './huffman';
import {
  DISTANCE_CODES,
  DISTANCE_COUNTS,
  DISTANCE_LENGTHS,
  DISTANCES,
  LITERAL_CODES,
  LITERAL_COUNTS,
  LITERAL_LENGTHS,
  LITERALS,
  OUTPUT,
} from './places';
import { distanceExtraBits, lengthSymbolExtraBits } from './symbols';

/** Below deflate's own 15: of texts of a few thousand bytes no symbol is so rare that it would cost much. */
const CODE_LIMIT: i32 = 12;

/** Of a header line, say, codes of its own would be longer than itself. */
const SHORT: i32 = 128;
/** From here on the fixed codes of literals have nine bits: without them all others are canonical. */
const NINE_BITS: usize = 144;
const LENGTHS_FROM: usize = 256;
const LONG_LENGTHS_FROM: usize = 280;

/**
 * Writes the text at TEXT, at most 65,535 bytes, to OUTPUT; returns the stream's bytes, or -1 where there
 * would be more than `most`. `inFields`: whether repetitions are looked for only in neighbouring fields, and
 * not everywhere.
 */
export function deflate(length: i32, most: i32, inFields: bool): i32 {
  const matches = inFields ? searchFields(length) : searchEverywhere(length);
  useTwo(LITERAL_COUNTS, LITERALS);
  useTwo(DISTANCE_COUNTS, DISTANCES);
  startBits();
  if (length <= SHORT && isAscii()) {
    useFixed();
    putBits(0b011, 3);
  } else {
    codeLengths(LITERAL_COUNTS, LITERALS, CODE_LIMIT, LITERAL_LENGTHS);
    codeLengths(DISTANCE_COUNTS, DISTANCES, CODE_LIMIT, DISTANCE_LENGTHS);
    putCodes();
  }
  if (<i32>(position - OUTPUT) + ((bodyBits() + 7) >> 3) + 2 > most) return -1;
  canonicalCodes(LITERAL_LENGTHS, LITERALS, LITERAL_CODES);
  canonicalCodes(DISTANCE_LENGTHS, DISTANCES, DISTANCE_CODES);
  return putBody(length, matches);
}

function isAscii(): bool {
  for (let i = NINE_BITS; i < LENGTHS_FROM; i++) if (load<u32>(LITERAL_COUNTS + (i << 2)) !== 0) return false;
  return true;
}

function useFixed(): void {
  memory.fill(LITERAL_LENGTHS, 8, NINE_BITS);
  memory.fill(LITERAL_LENGTHS + NINE_BITS, 0, LENGTHS_FROM - NINE_BITS);
  memory.fill(LITERAL_LENGTHS + LENGTHS_FROM, 7, LONG_LENGTHS_FROM - LENGTHS_FROM);
  memory.fill(LITERAL_LENGTHS + LONG_LENGTHS_FROM, 8, <usize>LITERALS - LONG_LENGTHS_FROM);
  memory.fill(DISTANCE_LENGTHS, 5, DISTANCES);
}

function bodyBits(): i32 {
  let bits: u32 = 0;
  for (let i: usize = 0; i < <usize>LITERALS; i++) {
    const each = <u32>load<u8>(LITERAL_LENGTHS + i) + lengthSymbolExtraBits(i);
    bits += load<u32>(LITERAL_COUNTS + (i << 2)) * each;
  }
  for (let i: usize = 0; i < <usize>DISTANCES; i++) {
    const each = <u32>load<u8>(DISTANCE_LENGTHS + i) + distanceExtraBits(i);
    bits += load<u32>(DISTANCE_COUNTS + (i << 2)) * each;
  }
  return <i32>bits;
}
