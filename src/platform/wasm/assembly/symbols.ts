/**
 * Deflate's symbols of lengths and distances (RFC 1951, section 3.2.5), out of tables that are made when the
 * module is.
 */

export const LONGEST: usize = 258;

/** By length of a match, 3 to LONGEST: its symbol (16 bits each) and its extra bits (a byte each). */
const LENGTH_SYMBOLS: usize = memory.data(259 * 2, 16);
const LENGTH_EXTRAS: usize = memory.data(259, 16);
/** By symbol of a literal or length: the number of extra bits. */
const LENGTH_EXTRA_BITS: usize = memory.data(286, 16);
/** By distance up to 256, then by the distance's upper bits. */
const DISTANCE_SYMBOLS: usize = memory.data(512, 16);
/** By symbol of a distance: the least distance (16 bits each) and the number of extra bits (a byte each). */
const DISTANCE_BASES: usize = memory.data(30 * 2, 16);
const DISTANCE_EXTRA_BITS: usize = memory.data(30, 16);

makeLengths();
makeDistances();

export function lengthSymbol(length: usize): usize {
  return load<u16>(LENGTH_SYMBOLS + (length << 1));
}

export function lengthExtra(length: usize): u32 {
  return load<u8>(LENGTH_EXTRAS + length);
}

/** None of a literal. */
export function lengthSymbolExtraBits(symbol: usize): u32 {
  return load<u8>(LENGTH_EXTRA_BITS + symbol);
}

export function distanceSymbol(distance: usize): usize {
  return load<u8>(DISTANCE_SYMBOLS + (distance <= 256 ? distance - 1 : 256 + ((distance - 1) >> 7)));
}

export function distanceBase(symbol: usize): u32 {
  return load<u16>(DISTANCE_BASES + (symbol << 1));
}

export function distanceExtraBits(symbol: usize): u32 {
  return load<u8>(DISTANCE_EXTRA_BITS + symbol);
}

function makeLengths(): void {
  let length: usize = 3;
  for (let symbol = 257; symbol < 285; symbol++) {
    const bits = symbol < 265 ? 0 : ((symbol - 257) >> 2) - 1;
    store<u8>(LENGTH_EXTRA_BITS + <usize>symbol, <u8>bits);
    for (let extra = 0; extra < 1 << bits; extra++, length++) {
      store<u16>(LENGTH_SYMBOLS + (length << 1), <u16>symbol);
      store<u8>(LENGTH_EXTRAS + length, <u8>extra);
    }
  }
  store<u16>(LENGTH_SYMBOLS + (LONGEST << 1), 285);
  store<u8>(LENGTH_EXTRAS + LONGEST, 0);
}

function makeDistances(): void {
  let distance: usize = 1;
  for (let symbol = 0; symbol < 30; symbol++) {
    const bits = symbol < 4 ? 0 : (symbol >> 1) - 1;
    store<u16>(DISTANCE_BASES + ((<usize>symbol) << 1), <u16>distance);
    store<u8>(DISTANCE_EXTRA_BITS + <usize>symbol, <u8>bits);
    for (let extra = 0; extra < 1 << bits; extra++, distance++) {
      store<u8>(
        DISTANCE_SYMBOLS + (distance <= 256 ? distance - 1 : 256 + ((distance - 1) >> 7)),
        <u8>symbol,
      );
    }
  }
}
