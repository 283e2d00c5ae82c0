/**
 * Prefix codes for deflate (RFC 1951, section 3.2.2): the shortest code lengths under a limit, and their canonical codes. Lengths always
 * fill the code space exactly (Kraft's sum is one). Deterministic: ties go by symbol. Scratch is shared by all calls, which is safe as
 * they are synchronous.
 */

/** At most this many symbols, each at most 2^22 times. */
const MAX_SYMBOLS = 288;
const SYMBOL_BITS = 9;
const MAX_CODE_BITS = 15;
const SHELL_GAPS = [132, 57, 23, 10, 4, 1] as const;

const ordered = new Int32Array(MAX_SYMBOLS);
const tree = new Int32Array(MAX_SYMBOLS);
const perLength = new Int32Array(MAX_CODE_BITS + 1);
const nextCode = new Int32Array(MAX_CODE_BITS + 1);

/** All numbers of 15 bits with their bits reversed: deflate packs codes from their most significant bit on. */
const reversed = new Uint16Array(1 << MAX_CODE_BITS);
for (let i = 1; i < reversed.length; i++) {
  reversed[i] = ((reversed[i >> 1] as number) >> 1) | ((i & 1) << (MAX_CODE_BITS - 1));
}

/** Puts a length into `lengths` for each symbol below `symbols`, 0 where it does not occur. At least two must occur. */
export function codeLengths(counts: Int32Array, symbols: number, limit: number, lengths: Uint8Array): void {
  let used = 0;
  for (let symbol = 0; symbol < symbols; symbol++) {
    const count = counts[symbol] as number;
    lengths[symbol] = 0;
    if (count !== 0) ordered[used++] = (count << SYMBOL_BITS) | symbol;
  }
  if (used < 2) throw new RangeError('a prefix code needs two symbols');
  sort(used);
  countLengths(used, limit);
  keepLimit(limit);
  // The rarest come first and get the longest.
  let at = 0;
  for (let length = limit; length > 0; length--) {
    for (let left = perLength[length] as number; left > 0; left--) {
      lengths[(ordered[at++] as number) & ((1 << SYMBOL_BITS) - 1)] = length;
    }
  }
}

function sort(used: number): void {
  for (const gap of SHELL_GAPS) {
    for (let i = gap; i < used; i++) {
      const value = ordered[i] as number;
      let j = i;
      while (j >= gap && (ordered[j - gap] as number) > value) {
        ordered[j] = ordered[j - gap] as number;
        j -= gap;
      }
      ordered[j] = value;
    }
  }
}

/**
 * How many symbols have each length in Huffman's code, those beyond the limit counted at the limit. In place: A. Moffat and J. Katajainen,
 * "In-place calculation of minimum-redundancy codes" (1995).
 */
function countLengths(used: number, limit: number): void {
  for (let i = 0; i < used; i++) tree[i] = (ordered[i] as number) >>> SYMBOL_BITS;
  let node = 0;
  let leaf = 0;
  for (let parent = 0; parent < used - 1; parent++) {
    let sum = 0;
    for (let child = 0; child < 2; child++) {
      if (leaf >= used || (node < parent && (tree[node] as number) < (tree[leaf] as number))) {
        sum += tree[node] as number;
        tree[node++] = parent;
      } else {
        sum += tree[leaf++] as number;
      }
    }
    tree[parent] = sum;
  }
  // From parents to depths of the inner nodes, the root last.
  tree[used - 2] = 0;
  for (let i = used - 3; i >= 0; i--) tree[i] = (tree[tree[i] as number] as number) + 1;
  perLength.fill(0);
  let inner = used - 2;
  for (let depth = 0, places = 1; places > 0; depth++) {
    let nodes = 0;
    for (; inner >= 0 && tree[inner] === depth; inner--) nodes++;
    const length = Math.min(depth, limit);
    perLength[length] = (perLength[length] as number) + places - nodes;
    places = 2 * nodes;
  }
}

/** Makes room for the codes that were cut to the limit, as zlib does: a shorter code goes one down and takes one of them beside it. */
function keepLimit(limit: number): void {
  let total = 0;
  for (let length = 1; length <= limit; length++) total += (perLength[length] as number) << (limit - length);
  for (; total > 1 << limit; total--) {
    let length = limit - 1;
    while (perLength[length] === 0) length--;
    perLength[length] = (perLength[length] as number) - 1;
    perLength[length + 1] = (perLength[length + 1] as number) + 2;
    perLength[limit] = (perLength[limit] as number) - 1;
  }
}

/** The codes of those lengths, each as `bits << 5 | length` with the bits in the order of the stream. */
export function canonicalCodes(lengths: Uint8Array, symbols: number, codes: Int32Array): void {
  perLength.fill(0);
  for (let symbol = 0; symbol < symbols; symbol++) {
    const length = lengths[symbol] as number;
    perLength[length] = (perLength[length] as number) + 1;
  }
  perLength[0] = 0;
  for (let length = 1, code = 0; length <= MAX_CODE_BITS; length++) {
    code = (code + (perLength[length - 1] as number)) << 1;
    nextCode[length] = code;
  }
  for (let symbol = 0; symbol < symbols; symbol++) {
    const length = lengths[symbol] as number;
    if (length === 0) {
      codes[symbol] = 0;
      continue;
    }
    const code = nextCode[length] as number;
    nextCode[length] = code + 1;
    codes[symbol] = (((reversed[code] as number) >> (MAX_CODE_BITS - length)) << 5) | length;
  }
}
