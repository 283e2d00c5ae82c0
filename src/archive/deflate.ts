/**
 * A raw deflate stream (RFC 1951) of one block: dynamic Huffman codes (section 3.2.7), or stored (3.2.4) where that is not larger. Right
 * for any bytes, fast and small for market rows, and the same bytes from every version of Node, which zlib's are not. Scratch is shared
 * by all calls, which is safe as they are synchronous.
 */
import {
  BLOCK_END,
  distanceBase,
  distanceCounts,
  distanceExtraBits,
  distanceSymbol,
  lengthExtra,
  lengthExtraBits,
  lengthSymbol,
  literalCounts,
  literalRuns,
  MAX_TEXT,
  matches,
  tokenize,
} from './deflate-tokens.js';
import { canonicalCodes, codeLengths } from './huffman.js';

const LITERALS = 286;
const DISTANCES = 30;
/** Below deflate's own 15, so that two literals, or a code with its extra bits, fit 32 bits behind 7 that wait. */
const CODE_LIMIT = 12;
const LENGTH_CODE_LIMIT = 7;
/** The order in which the lengths of the code length codes are sent. */
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15] as const;
const STORED_BYTES = 5;

const literalLengths = new Uint8Array(LITERALS);
const literalCodes = new Int32Array(LITERALS);
const distanceLengths = new Uint8Array(DISTANCES);
const distanceCodes = new Int32Array(DISTANCES);
const codeCounts = new Int32Array(19);
const codeCodeLengths = new Uint8Array(19);
const codeCodes = new Int32Array(19);
/** Both codes' lengths behind each other, and those run-length coded: `extra << 5 | symbol`. */
const lengths = new Uint8Array(LITERALS + DISTANCES);
const lengthRuns = new Int32Array(LITERALS + DISTANCES);
/** By length of a match: code and extra bits, and how many bits that is. */
const matchBits = new Int32Array(259);
const matchBitCount = new Uint8Array(259);

/** The writer stores four bytes at a time, beyond the end too: so it writes here, and what is done is copied. */
const output = new Uint8Array(MAX_TEXT + 64);
const view = new DataView(output.buffer);
let position = 0;
let pending = 0;
let pendingBits = 0;

/**
 * Writes the bytes of `text` from `start` to `end`, at most 65,535, as a whole stream at `at`, where there must be room for
 * `end - start + 64` bytes. Returns the stream's length and writes nothing beyond it.
 */
export function deflateInto(
  text: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  if (end - start > MAX_TEXT)
    throw new RangeError(`a block holds at most ${MAX_TEXT} bytes, not ${end - start}`);
  const count = tokenize(text, start, end);
  useTwo(literalCounts);
  useTwo(distanceCounts);
  codeLengths(literalCounts, LITERALS, CODE_LIMIT, literalLengths);
  codeLengths(distanceCounts, DISTANCES, CODE_LIMIT, distanceLengths);
  position = pending = pendingBits = 0;
  putHeader();
  if (position + bodyBits() / 8 + 2 > end - start + STORED_BYTES) return store(text, start, end, target, at);
  canonicalCodes(literalLengths, LITERALS, literalCodes);
  canonicalCodes(distanceLengths, DISTANCES, distanceCodes);
  for (let length = 3; length < matchBits.length; length++) {
    const code = literalCodes[lengthSymbol[length] as number] as number;
    matchBits[length] = (code >> 5) | ((lengthExtra[length] as number) << code);
    matchBitCount[length] = (code & 31) + (lengthExtraBits[length] as number);
  }
  const size = putBody(text, start, end, count);
  target.set(output.subarray(0, size), at);
  return size;
}

/** A code of fewer than two symbols is incomplete, which not every reader takes (section 3.2.7). */
function useTwo(counts: Int32Array): void {
  let used = 0;
  for (let symbol = 0; symbol < counts.length && used < 2; symbol++) if (counts[symbol] !== 0) used++;
  for (let symbol = 0; used < 2; symbol++) {
    if (counts[symbol] !== 0) continue;
    counts[symbol] = 1;
    used++;
  }
}

function bodyBits(): number {
  let bits = 0;
  for (let i = 0; i < LITERALS; i++) bits += (literalCounts[i] as number) * (literalLengths[i] as number);
  for (let i = 257 + 8; i < 285; i++) bits += (literalCounts[i] as number) * (((i - 257) >> 2) - 1);
  for (let i = 0; i < DISTANCES; i++) {
    const each = (distanceLengths[i] as number) + (distanceExtraBits[i] as number);
    bits += (distanceCounts[i] as number) * each;
  }
  return bits;
}

/** At most 16 bits. */
function put(bits: number, count: number): void {
  pending |= bits << pendingBits;
  pendingBits += count;
  view.setInt32(position, pending, true);
  position += pendingBits >> 3;
  pending >>>= pendingBits & 24;
  pendingBits &= 7;
}

function putHeader(): void {
  let literals = LITERALS;
  while (literals > BLOCK_END + 1 && literalLengths[literals - 1] === 0) literals--;
  let distances = DISTANCES;
  while (distances > 1 && distanceLengths[distances - 1] === 0) distances--;
  lengths.set(literalLengths);
  for (let i = 0; i < distances; i++) lengths[literals + i] = distanceLengths[i] as number;
  const runs = runLengths(literals + distances);
  useTwo(codeCounts);
  codeLengths(codeCounts, codeCounts.length, LENGTH_CODE_LIMIT, codeCodeLengths);
  canonicalCodes(codeCodeLengths, codeCounts.length, codeCodes);
  let sent = LENGTH_ORDER.length;
  while (sent > 4 && codeCodeLengths[LENGTH_ORDER[sent - 1] as number] === 0) sent--;
  put(0b101, 3);
  put(literals - 257, 5);
  put(distances - 1, 5);
  put(sent - 4, 4);
  for (let i = 0; i < sent; i++) put(codeCodeLengths[LENGTH_ORDER[i] as number] as number, 3);
  for (let i = 0; i < runs; i++) {
    const run = lengthRuns[i] as number;
    const symbol = run & 31;
    const code = codeCodes[symbol] as number;
    put(code >> 5, code & 31);
    if (symbol >= 16) put(run >> 5, symbol === 16 ? 2 : symbol === 17 ? 3 : 7);
  }
}

/** Puts the first `count` of `lengths` into `lengthRuns` and counts the symbols; returns how many there are. */
function runLengths(count: number): number {
  codeCounts.fill(0);
  let runs = 0;
  const add = (symbol: number, extra: number): void => {
    lengthRuns[runs++] = (extra << 5) | symbol;
    codeCounts[symbol] = (codeCounts[symbol] as number) + 1;
  };
  for (let from = 0, to = 0; from < count; from = to) {
    const length = lengths[from] as number;
    while (to < count && lengths[to] === length) to++;
    let left = to - from;
    if (length === 0) {
      for (; left >= 11; left -= Math.min(left, 138)) add(18, Math.min(left, 138) - 11);
      if (left >= 3) add(17, left - 3);
      if (left >= 3) left = 0;
    } else {
      add(length, 0);
      for (left--; left >= 3; left -= Math.min(left, 6)) add(16, Math.min(left, 6) - 3);
    }
    for (; left > 0; left--) add(length, 0);
  }
  return runs;
}

/** Puts all tokens and the end of the block; returns the length of the stream. The bit writer is `put`, in locals. */
function putBody(text: Uint8Array, start: number, end: number, count: number): number {
  let at = position;
  let buffer = pending;
  let bits = pendingBits;
  let i = start;
  for (let m = 0; ; m++) {
    const to = m === count ? end : i + (literalRuns[m] as number);
    for (; i < to - 1; i += 2) {
      const one = literalCodes[text[i] as number] as number;
      const two = literalCodes[text[i + 1] as number] as number;
      // A shift goes by the lowest five bits: the length.
      buffer |= ((one >> 5) | ((two >> 5) << one)) << bits;
      bits += (one & 31) + (two & 31);
      view.setInt32(at, buffer, true);
      at += bits >> 3;
      buffer >>>= bits & 24;
      bits &= 7;
    }
    if (i < to) {
      const code = literalCodes[text[i++] as number] as number;
      buffer |= (code >> 5) << bits;
      bits += code & 31;
      view.setInt32(at, buffer, true);
      at += bits >> 3;
      buffer >>>= bits & 24;
      bits &= 7;
    }
    if (m === count) break;
    const match = matches[m] as number;
    const length = match >>> 16;
    i += length;
    buffer |= (matchBits[length] as number) << bits;
    bits += matchBitCount[length] as number;
    view.setInt32(at, buffer, true);
    at += bits >> 3;
    buffer >>>= bits & 24;
    bits &= 7;
    const distance = match & 0xffff;
    const symbol = distanceSymbol(distance);
    const code = distanceCodes[symbol] as number;
    buffer |= ((code >> 5) | ((distance - (distanceBase[symbol] as number)) << code)) << bits;
    bits += (code & 31) + (distanceExtraBits[symbol] as number);
    view.setInt32(at, buffer, true);
    at += bits >> 3;
    // All 32 bits are out where a shift by 32 would be one by 0.
    buffer = bits === 32 ? 0 : buffer >>> (bits & 24);
    bits &= 7;
  }
  const code = literalCodes[BLOCK_END] as number;
  buffer |= (code >> 5) << bits;
  view.setInt32(at, buffer, true);
  return at + ((bits + (code & 31) + 7) >> 3);
}

function store(text: Uint8Array, start: number, end: number, target: Uint8Array, at: number): number {
  const size = end - start;
  target[at] = 1;
  target[at + 1] = size & 255;
  target[at + 2] = size >> 8;
  target[at + 3] = ~size & 255;
  target[at + 4] = (~size >> 8) & 255;
  target.set(text.subarray(start, end), at + STORED_BYTES);
  return size + STORED_BYTES;
}
