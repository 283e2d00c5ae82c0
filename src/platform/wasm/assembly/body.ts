/** The tokens of a block, written with its codes. */
import { pending, pendingBits, position } from './bits';
import { DISTANCE_CODES, LITERAL_CODES, LITERAL_RUNS, MATCHES, OUTPUT, TEXT } from './places';
import {
  distanceBase,
  distanceExtraBits,
  distanceSymbol,
  LONGEST,
  lengthExtra,
  lengthSymbol,
  lengthSymbolExtraBits,
} from './symbols';

const BLOCK_END: usize = 256;
/** By length of a match: code and extra bits, and how many bits that is (32 bits each). */
const MATCH_BITS: usize = memory.data(259 * 8, 16);

/**
 * The tokens that `tokenize` left of the text at TEXT, then the end of the block, behind what is written
 * already. No code is longer than 15 bits. Returns the bytes of the stream. Bits are put as in bits.ts, in
 * locals, and several symbols at once.
 */
export function putBody(length: i32, count: i32): i32 {
  makeMatchBits();
  const end = TEXT + <usize>length;
  let at = position;
  let buffer = pending;
  let bits = pendingBits;
  let i = TEXT;
  for (let m: usize = 0; ; m++) {
    const to = m === <usize>count ? end : i + <usize>load<u32>(LITERAL_RUNS + (m << 2));
    for (; i + 2 < to; i += 3) {
      const one: u64 = load<u32>(LITERAL_CODES + ((<usize>load<u8>(i)) << 2));
      const two: u64 = load<u32>(LITERAL_CODES + ((<usize>load<u8>(i + 1)) << 2));
      const three: u64 = load<u32>(LITERAL_CODES + ((<usize>load<u8>(i + 2)) << 2));
      buffer |= (one >> 5) << bits;
      bits += one & 31;
      buffer |= (two >> 5) << bits;
      bits += two & 31;
      buffer |= (three >> 5) << bits;
      bits += three & 31;
      store<u64>(at, buffer);
      at += <usize>(bits >> 3);
      buffer >>= bits & ~7;
      bits &= 7;
    }
    for (; i < to; i++) {
      const code: u64 = load<u32>(LITERAL_CODES + ((<usize>load<u8>(i)) << 2));
      buffer |= (code >> 5) << bits;
      bits += code & 31;
    }
    if (m === <usize>count) break;
    store<u64>(at, buffer);
    at += <usize>(bits >> 3);
    buffer >>= bits & ~7;
    bits &= 7;
    const match = load<u32>(MATCHES + (m << 2));
    const matched = <usize>(match >> 16);
    i += matched;
    buffer |= (<u64>load<u32>(MATCH_BITS + (matched << 3))) << bits;
    bits += load<u32>(MATCH_BITS + (matched << 3), 4);
    const distance = match & 0xffff;
    const symbol = distanceSymbol(distance);
    const code = load<u32>(DISTANCE_CODES + (symbol << 2));
    const bitsOfCode = code & 31;
    buffer |= (<u64>((code >> 5) | ((distance - distanceBase(symbol)) << bitsOfCode))) << bits;
    bits += bitsOfCode + distanceExtraBits(symbol);
    store<u64>(at, buffer);
    at += <usize>(bits >> 3);
    buffer >>= bits & ~7;
    bits &= 7;
  }
  const code: u64 = load<u32>(LITERAL_CODES + (BLOCK_END << 2));
  buffer |= (code >> 5) << bits;
  bits += code & 31;
  store<u64>(at, buffer);
  return <i32>(at - OUTPUT) + <i32>((bits + 7) >> 3);
}

function makeMatchBits(): void {
  for (let length: usize = 3; length <= LONGEST; length++) {
    const symbol = lengthSymbol(length);
    const code = load<u32>(LITERAL_CODES + (symbol << 2));
    const at = MATCH_BITS + (length << 3);
    store<u32>(at, (code >> 5) | (lengthExtra(length) << (code & 31)));
    store<u32>(at, (code & 31) + lengthSymbolExtraBits(symbol), 4);
  }
}
