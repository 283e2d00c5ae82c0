/** The head of a block: its codes, as run lengths of code lengths (RFC 1951, section 3.2.7). */
import { putBits } from './bits';
import { canonicalCodes, codeLengths, useTwo } from './huffman';
import { DISTANCE_LENGTHS, DISTANCES, LITERAL_LENGTHS, LITERALS } from './places';

const LENGTH_CODES: i32 = 19;
const LENGTH_CODE_LIMIT: i32 = 7;
/** The order in which the lengths of the code length codes are sent. */
const LENGTH_ORDER: usize = memory.data<u8>([
  16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
]);

const COUNTS: usize = memory.data(19 * 4, 16);
const LENGTHS: usize = memory.data(19, 16);
const CODES: usize = memory.data(19 * 4, 16);
/**
 * Both codes' lengths behind each other (a byte each), and those run-length coded (32 bits each): `extra << 5
 * | symbol`.
 */
const SENT: usize = memory.data(286 + 30, 16);
const RUNS: usize = memory.data((286 + 30) * 4, 16);

export function putCodes(): void {
  const literals = usedOf(LITERAL_LENGTHS, LITERALS, 257);
  const distances = usedOf(DISTANCE_LENGTHS, DISTANCES, 1);
  memory.copy(SENT, LITERAL_LENGTHS, literals);
  memory.copy(SENT + <usize>literals, DISTANCE_LENGTHS, distances);
  const runs = runLengths(literals + distances);
  useTwo(COUNTS, LENGTH_CODES);
  codeLengths(COUNTS, LENGTH_CODES, LENGTH_CODE_LIMIT, LENGTHS);
  canonicalCodes(LENGTHS, LENGTH_CODES, CODES);
  let sent = LENGTH_CODES;
  while (sent > 4 && lengthInOrder(sent - 1) === 0) sent--;
  putBits(0b101, 3);
  putBits(literals - 257, 5);
  putBits(distances - 1, 5);
  putBits(sent - 4, 4);
  for (let i = 0; i < sent; i++) putBits(lengthInOrder(i), 3);
  for (let i = 0; i < runs; i++) {
    const run = load<u32>(RUNS + ((<usize>i) << 2));
    const symbol = run & 31;
    const code = load<u32>(CODES + ((<usize>symbol) << 2));
    putBits(code >> 5, code & 31);
    if (symbol >= 16) putBits(run >> 5, symbol === 16 ? 2 : symbol === 17 ? 3 : 7);
  }
}

/** Symbols up to the last that has a code, at least `least`. */
function usedOf(lengths: usize, symbols: i32, least: i32): i32 {
  while (symbols > least && load<u8>(lengths + <usize>(symbols - 1)) === 0) symbols--;
  return symbols;
}

function lengthInOrder(i: i32): u32 {
  return load<u8>(LENGTHS + <usize>load<u8>(LENGTH_ORDER + <usize>i));
}

/** Puts the first `count` of SENT into RUNS and counts the symbols; returns how many there are. */
function runLengths(count: i32): i32 {
  memory.fill(COUNTS, 0, LENGTH_CODES * 4);
  let runs = 0;
  for (let from = 0, to = 0; from < count; from = to) {
    const length = load<u8>(SENT + <usize>from);
    while (to < count && load<u8>(SENT + <usize>to) === length) to++;
    let left = to - from;
    if (length === 0) {
      for (; left >= 11; left -= min(left, 138)) runs = addRun(runs, 18, min(left, 138) - 11);
      if (left >= 3) {
        runs = addRun(runs, 17, left - 3);
        left = 0;
      }
    } else {
      runs = addRun(runs, length, 0);
      for (left--; left >= 3; left -= min(left, 6)) runs = addRun(runs, 16, min(left, 6) - 3);
    }
    for (; left > 0; left--) runs = addRun(runs, length, 0);
  }
  return runs;
}

function addRun(runs: i32, symbol: u32, extra: u32): i32 {
  store<u32>(RUNS + ((<usize>runs) << 2), (extra << 5) | symbol);
  const count = COUNTS + ((<usize>symbol) << 2);
  store<u32>(count, load<u32>(count) + 1);
  return runs + 1;
}
