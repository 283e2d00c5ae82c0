/** A raw deflate stream (RFC 1951) of one block with codes of its own (section 3.2.7): its parts, and the way from one to the next. */
import { position, startBits } from './bits';
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

/**
 * Writes the text at TEXT, at most 65,535 bytes, to OUTPUT; returns the stream's bytes, or -1 where there would be more than `most`. `inFields`:
 * whether repetitions are looked for only in neighbouring fields, and not everywhere.
 */
export function deflate(length: i32, most: i32, inFields: bool): i32 {
  const matches = inFields ? searchFields(length) : searchEverywhere(length);
  useTwo(LITERAL_COUNTS, LITERALS);
  useTwo(DISTANCE_COUNTS, DISTANCES);
  codeLengths(LITERAL_COUNTS, LITERALS, CODE_LIMIT, LITERAL_LENGTHS);
  codeLengths(DISTANCE_COUNTS, DISTANCES, CODE_LIMIT, DISTANCE_LENGTHS);
  startBits();
  putCodes();
  if (<i32>(position - OUTPUT) + ((bodyBits() + 7) >> 3) + 2 > most) return -1;
  canonicalCodes(LITERAL_LENGTHS, LITERALS, LITERAL_CODES);
  canonicalCodes(DISTANCE_LENGTHS, DISTANCES, DISTANCE_CODES);
  return putBody(length, matches);
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
