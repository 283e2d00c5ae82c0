/**
 * Prefix codes for deflate (RFC 1951, section 3.2.2): the shortest code lengths under a limit, and their
 * canonical codes. Lengths always fill the code space exactly (Kraft's sum is one). Deterministic: ties go by
 * symbol.
 */

/** At most this many symbols, each at most 2^22 times. */
const MAX_SYMBOLS = 288;
const SYMBOL_BITS = 9;
const MAX_CODE_BITS = 15;

/** 32 bits each. */
const ORDERED: usize = memory.data(MAX_SYMBOLS * 4, 16);
const TREE: usize = memory.data(MAX_SYMBOLS * 4, 16);
const PER_LENGTH: usize = memory.data((MAX_CODE_BITS + 1) * 4, 16);
const NEXT_CODE: usize = memory.data((MAX_CODE_BITS + 1) * 4, 16);
const SHELL_GAPS: usize = memory.data<i32>([132, 57, 23, 10, 4, 1]);
const GAPS = 6;

/**
 * All numbers of 15 bits with their bits reversed, 16 bits each: deflate packs codes from their most
 * significant bit on.
 */
const REVERSED: usize = memory.data((1 << MAX_CODE_BITS) * 2, 16);
for (let i = 1; i < 1 << MAX_CODE_BITS; i++) {
  const half = load<u16>(REVERSED + ((<usize>(i >> 1)) << 1)) >> 1;
  store<u16>(REVERSED + ((<usize>i) << 1), half | <u16>((i & 1) << (MAX_CODE_BITS - 1)));
}

function at(words: usize, i: i32): i32 {
  return load<i32>(words + ((<usize>i) << 2));
}

function put(words: usize, i: i32, value: i32): void {
  store<i32>(words + ((<usize>i) << 2), value);
}

/** A code of fewer than two symbols is incomplete, which not every reader takes (section 3.2.7). */
export function useTwo(counts: usize, symbols: i32): void {
  let used = 0;
  for (let symbol = 0; symbol < symbols && used < 2; symbol++) {
    if (load<u32>(counts + ((<usize>symbol) << 2)) !== 0) used++;
  }
  for (let at = counts; used < 2; at += 4) {
    if (load<u32>(at) !== 0) continue;
    store<u32>(at, 1);
    used++;
  }
}

/**
 * From `counts` (32 bits a symbol) puts a length (a byte) into `lengths` for each symbol below `symbols`, 0
 * where it does not occur. At least two must occur.
 */
export function codeLengths(counts: usize, symbols: i32, limit: i32, lengths: usize): void {
  let used = 0;
  for (let symbol = 0; symbol < symbols; symbol++) {
    const count = at(counts, symbol);
    store<u8>(lengths + <usize>symbol, 0);
    if (count !== 0) put(ORDERED, used++, (count << SYMBOL_BITS) | symbol);
  }
  sort(used);
  countLengths(used, limit);
  keepLimit(limit);
  // The rarest come first and get the longest.
  let next = 0;
  for (let length = limit; length > 0; length--) {
    for (let left = at(PER_LENGTH, length); left > 0; left--) {
      const symbol = at(ORDERED, next++) & ((1 << SYMBOL_BITS) - 1);
      store<u8>(lengths + <usize>symbol, <u8>length);
    }
  }
}

function sort(used: i32): void {
  for (let g = 0; g < GAPS; g++) {
    const gap = at(SHELL_GAPS, g);
    for (let i = gap; i < used; i++) {
      const value = at(ORDERED, i);
      let j = i;
      while (j >= gap && at(ORDERED, j - gap) > value) {
        put(ORDERED, j, at(ORDERED, j - gap));
        j -= gap;
      }
      put(ORDERED, j, value);
    }
  }
}

/**
 * How many symbols have each length in Huffman's code, those beyond the limit counted at the limit. In place:
 * A. Moffat and J. Katajainen, "In-place calculation of minimum-redundancy codes" (1995).
 */
function countLengths(used: i32, limit: i32): void {
  for (let i = 0; i < used; i++) put(TREE, i, at(ORDERED, i) >>> SYMBOL_BITS);
  let node = 0;
  let leaf = 0;
  for (let parent = 0; parent < used - 1; parent++) {
    let sum = 0;
    for (let child = 0; child < 2; child++) {
      if (leaf >= used || (node < parent && at(TREE, node) < at(TREE, leaf))) {
        sum += at(TREE, node);
        put(TREE, node++, parent);
      } else {
        sum += at(TREE, leaf++);
      }
    }
    put(TREE, parent, sum);
  }
  // From parents to depths of the inner nodes, the root last.
  put(TREE, used - 2, 0);
  for (let i = used - 3; i >= 0; i--) put(TREE, i, at(TREE, at(TREE, i)) + 1);
  memory.fill(PER_LENGTH, 0, (MAX_CODE_BITS + 1) * 4);
  let inner = used - 2;
  for (let depth = 0, places = 1; places > 0; depth++) {
    let nodes = 0;
    for (; inner >= 0 && at(TREE, inner) === depth; inner--) nodes++;
    const length = min(depth, limit);
    put(PER_LENGTH, length, at(PER_LENGTH, length) + places - nodes);
    places = 2 * nodes;
  }
}

/**
 * Makes room for the codes that were cut to the limit, as zlib does: a shorter code goes one down and takes
 * one of them beside it.
 */
function keepLimit(limit: i32): void {
  let total = 0;
  for (let length = 1; length <= limit; length++) total += at(PER_LENGTH, length) << (limit - length);
  for (; total > 1 << limit; total--) {
    let length = limit - 1;
    while (at(PER_LENGTH, length) === 0) length--;
    put(PER_LENGTH, length, at(PER_LENGTH, length) - 1);
    put(PER_LENGTH, length + 1, at(PER_LENGTH, length + 1) + 2);
    put(PER_LENGTH, limit, at(PER_LENGTH, limit) - 1);
  }
}

/**
 * The codes of those lengths (32 bits each): `bits << 5 | length`, with the bits in the order of the stream.
 */
export function canonicalCodes(lengths: usize, symbols: i32, codes: usize): void {
  memory.fill(PER_LENGTH, 0, (MAX_CODE_BITS + 1) * 4);
  for (let symbol = 0; symbol < symbols; symbol++) {
    const length = load<u8>(lengths + <usize>symbol);
    put(PER_LENGTH, length, at(PER_LENGTH, length) + 1);
  }
  put(PER_LENGTH, 0, 0);
  for (let length = 1, code = 0; length <= MAX_CODE_BITS; length++) {
    code = (code + at(PER_LENGTH, length - 1)) << 1;
    put(NEXT_CODE, length, code);
  }
  for (let symbol = 0; symbol < symbols; symbol++) {
    const length: i32 = load<u8>(lengths + <usize>symbol);
    if (length === 0) {
      put(codes, symbol, 0);
      continue;
    }
    const code = at(NEXT_CODE, length);
    put(NEXT_CODE, length, code + 1);
    const bits: i32 = load<u16>(REVERSED + ((<usize>code) << 1));
    put(codes, symbol, ((bits >> (MAX_CODE_BITS - length)) << 5) | length);
  }
}
