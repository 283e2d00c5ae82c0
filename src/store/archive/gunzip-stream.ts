/**
 * Gzip inflated a stretch at a time, synchronously and in bounded memory (RFC 1951, RFC 1952): for large day
 * files that another tool made of one piece. zlib has no such call, only one that waits for the event loop
 * and one that gives the whole text. It takes about twice zlib's time.
 */
import { crc32 } from 'node:zlib';
import { ArchiveDamage } from './bgzf.js';

const WINDOW = 32_768;
const OUT_BYTES = 1 << 18;
const IN_BYTES = 1 << 16;
const LONGEST = 258;
const BLOCK_END = 256;
const MOST_BITS = 15;
/** In which order the lengths of the code lengths' codes are written. */
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** Of each symbol above BLOCK_END the least length and its extra bits (RFC 1951, section 3.2.5). */
const lengthBase = new Uint16Array(288);
const lengthBits = new Uint8Array(288);
for (let symbol = 257, length = 3; symbol < 285; symbol++) {
  lengthBase[symbol] = length;
  lengthBits[symbol] = symbol < 265 ? 0 : ((symbol - 257) >> 2) - 1;
  length += 1 << (lengthBits[symbol] as number);
}
lengthBase[285] = LONGEST;

/** And of each symbol of a distance. */
const distanceBase = new Uint16Array(30);
const distanceExtraBits = new Uint8Array(30);
for (let symbol = 0, distance = 1; symbol < 30; symbol++) {
  distanceBase[symbol] = distance;
  distanceExtraBits[symbol] = symbol < 4 ? 0 : (symbol >> 1) - 1;
  distance += 1 << (distanceExtraBits[symbol] as number);
}

/** `entries[next bits] = symbol << 4 | length`; 0 where no code is. */
interface Codes {
  readonly entries: Uint32Array;
  readonly mask: number;
}

/**
 * The texts of all members. `read` fills a buffer with what comes next in the file and returns how much that
 * is, 0 at the end. Each text is valid until the next is asked for. Throws ArchiveDamage, and what `read`
 * throws.
 */
export function* gunzipTexts(read: (target: Uint8Array) => number): Generator<Uint8Array> {
  const input = new Uint8Array(IN_BYTES);
  let inputAt = 0;
  let inputEnd = 0;
  let bits = 0;
  let bitCount = 0;
  const out = new Uint8Array(WINDOW + OUT_BYTES + LONGEST);
  /** Text from `given` on is not handed out yet; before it stands the window. */
  let at = 0;
  let given = 0;
  let check = 0;
  let length = 0;

  const damaged = (what: string): ArchiveDamage => new ArchiveDamage(`it does not gunzip (${what})`);
  /** -1 at the end of the file. */
  const nextByte = (): number => {
    if (inputAt === inputEnd) {
      inputEnd = read(input);
      inputAt = 0;
      if (inputEnd === 0) return -1;
    }
    return input[inputAt++] as number;
  };
  const byte = (): number => {
    const next = nextByte();
    if (next < 0) throw damaged('unexpected end of file');
    return next;
  };
  const take = (count: number): number => {
    while (bitCount < count) {
      bits |= byte() << bitCount;
      bitCount += 8;
    }
    const value = bits & ((1 << count) - 1);
    bits >>>= count;
    bitCount -= count;
    return value;
  };
  const symbolOf = ({ entries, mask }: Codes): number => {
    while (bitCount < MOST_BITS) {
      // Behind the last code the trailer follows: bytes enough, but for a file that is cut off.
      const next = nextByte();
      if (next < 0) break;
      bits |= next << bitCount;
      bitCount += 8;
    }
    const entry = entries[bits & mask] as number;
    const used = entry & 15;
    if (used === 0) throw damaged('invalid code');
    if (used > bitCount) throw damaged('unexpected end of file');
    bits >>>= used;
    bitCount -= used;
    return entry >>> 4;
  };
  /** What is not handed out yet, once there is enough of it. */
  const ready = (): Uint8Array => {
    const text = out.subarray(given, at);
    check = crc32(text, check);
    length += text.length;
    given = at;
    return text;
  };
  const slide = (): void => {
    if (at < WINDOW + OUT_BYTES) return;
    out.copyWithin(0, at - WINDOW, at);
    at = WINDOW;
    given = WINDOW;
  };
  /** To the end of the block (true) or until the buffer is full. */
  const inflateSome = (literals: Codes, distances: Codes): boolean => {
    while (at < WINDOW + OUT_BYTES) {
      const symbol = symbolOf(literals);
      if (symbol < BLOCK_END) {
        out[at++] = symbol;
        continue;
      }
      if (symbol === BLOCK_END) return true;
      const count = (lengthBase[symbol] as number) + take(lengthBits[symbol] as number);
      if (count < 3) throw damaged('invalid length code');
      const code = symbolOf(distances);
      if (code > 29) throw damaged('invalid distance code');
      const distance = (distanceBase[code] as number) + take(distanceExtraBits[code] as number);
      // The window of this member alone.
      if (distance > Math.min(at, length + at - given)) throw damaged('invalid distance');
      for (let from = at - distance, end = at + count; at < end; ) out[at++] = out[from++] as number;
    }
    return false;
  };
  const skipHeader = (): void => {
    const flags = byte();
    for (let i = 0; i < 6; i++) byte();
    if ((flags & 0xe0) !== 0) throw damaged('unknown header flags set');
    if ((flags & 4) !== 0) for (let extra = byte() + 256 * byte(); extra > 0; extra--) byte();
    for (const flag of [8, 16]) if ((flags & flag) !== 0) while (byte() !== 0);
    if ((flags & 2) !== 0) for (let i = 0; i < 2; i++) byte();
  };
  const dynamicCodes = (): readonly [Codes, Codes] => {
    const literals = take(5) + 257;
    const distances = take(5) + 1;
    const codes = take(4) + 4;
    const codeLengths = new Uint8Array(19);
    for (let i = 0; i < codes; i++) codeLengths[CODE_ORDER[i] as number] = take(3);
    const table = codesOf(codeLengths);
    const lengths = new Uint8Array(literals + distances);
    for (let i = 0; i < lengths.length; ) {
      const symbol = symbolOf(table);
      if (symbol < 16) {
        lengths[i++] = symbol;
        continue;
      }
      if (symbol === 16 && i === 0) throw damaged('invalid bit length repeat');
      const value = symbol === 16 ? (lengths[i - 1] as number) : 0;
      const count = symbol === 16 ? 3 + take(2) : symbol === 17 ? 3 + take(3) : 11 + take(7);
      if (i + count > lengths.length) throw damaged('invalid bit length repeat');
      lengths.fill(value, i, i + count);
      i += count;
    }
    return [codesOf(lengths.subarray(0, literals)), codesOf(lengths.subarray(literals))];
  };

  for (let member = 0; ; member++) {
    let first = nextByte();
    if (member > 0) {
      // Padding: what follows it is read.
      while (first === 0) first = nextByte();
      if (first < 0) return;
    }
    if (first !== 0x1f || nextByte() !== 0x8b) throw damaged('incorrect header check');
    if (byte() !== 8) throw damaged('unknown compression method');
    skipHeader();
    bits = bitCount = check = length = 0;
    for (let isFinal = false; !isFinal; ) {
      isFinal = take(1) === 1;
      const kind = take(2);
      if (kind === 3) throw damaged('invalid block type');
      if (kind === 0) {
        take(bitCount & 7);
        const size = take(16);
        if ((size ^ take(16)) !== 0xffff) throw damaged('invalid stored block lengths');
        for (let i = 0; i < size; i++) {
          out[at++] = take(8);
          if (at < WINDOW + OUT_BYTES) continue;
          yield ready();
          slide();
        }
        continue;
      }
      const [literals, distances] = kind === 1 ? FIXED : dynamicCodes();
      while (!inflateSome(literals, distances)) {
        yield ready();
        slide();
      }
    }
    if (at > given) yield ready();
    slide();
    take(bitCount & 7);
    const trailer = [take(16), take(16), take(16), take(16)] as const;
    if (trailer[0] + trailer[1] * 65_536 !== check) throw damaged('incorrect data check');
    if (trailer[2] + trailer[3] * 65_536 !== length % 2 ** 32) throw damaged('incorrect length check');
  }
}

function codesOf(lengths: Uint8Array): Codes {
  let most = 1;
  for (const length of lengths) if (length > most) most = length;
  const counts = new Uint16Array(MOST_BITS + 2);
  for (const length of lengths) if (length > 0) (counts[length + 1] as number)++;
  const next = new Uint32Array(MOST_BITS + 2);
  for (let length = 1, code = 0; length <= MOST_BITS + 1; length++) {
    code = (code + (counts[length] as number)) << 1;
    next[length] = code;
  }
  return { entries: tableOf(lengths, next, most), mask: (1 << most) - 1 };
}

/** `next[length]`: the first code of that length. */
function tableOf(lengths: Uint8Array, next: Uint32Array, most: number): Uint32Array {
  const entries = new Uint32Array(1 << most);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol] as number;
    if (length === 0) continue;
    const code = next[length] as number;
    next[length] = code + 1;
    if (code >= 1 << length) throw new ArchiveDamage('it does not gunzip (invalid code lengths set)');
    for (let i = reversed(code, length); i < entries.length; i += 1 << length)
      entries[i] = (symbol << 4) | length;
  }
  return entries;
}

function reversed(code: number, length: number): number {
  let bits = 0;
  for (let i = 0, rest = code; i < length; i++, rest >>>= 1) bits = (bits << 1) | (rest & 1);
  return bits;
}

const FIXED: readonly [Codes, Codes] = [
  codesOf(Uint8Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8))),
  codesOf(new Uint8Array(30).fill(5)),
];
