/** Deflate's symbols of lengths and distances (RFC 1951, section 3.2.5). */

/** The code of the end of a block, among the literals and lengths. */
export const BLOCK_END = 256;
const LONGEST = 258;

/** By length of a match: its symbol, the number of its extra bits and those. */
export const lengthSymbol = new Uint16Array(LONGEST + 1);
export const lengthExtraBits = new Uint8Array(LONGEST + 1);
export const lengthExtra = new Uint8Array(LONGEST + 1);
for (let symbol = 257, length = 3; symbol < 285; symbol++) {
  const bits = symbol < 265 ? 0 : ((symbol - 257) >> 2) - 1;
  for (let extra = 0; extra < 1 << bits; extra++, length++) {
    lengthSymbol[length] = symbol;
    lengthExtraBits[length] = bits;
    lengthExtra[length] = extra;
  }
}
lengthSymbol[LONGEST] = 285;
lengthExtraBits[LONGEST] = 0;
lengthExtra[LONGEST] = 0;

/** By symbol of a distance: the least distance and the number of extra bits. */
export const distanceBase = new Uint16Array(30);
export const distanceExtraBits = new Uint8Array(30);
for (let symbol = 0, distance = 1; symbol < 30; symbol++) {
  const bits = symbol < 4 ? 0 : (symbol >> 1) - 1;
  distanceBase[symbol] = distance;
  distanceExtraBits[symbol] = bits;
  distance += 1 << bits;
}
