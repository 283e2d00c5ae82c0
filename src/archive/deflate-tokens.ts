/**
 * Cuts a text into deflate's literals and matches (RFC 1951, sections 3.2.3 and 3.2.5), looking for a match only at commas, in two
 * places: one field before, and the same field of the line before. That finds what repeats in market rows at a fraction of the cost of hash
 * chains; for other bytes the tokens are as valid, and mostly literals. The result stands in module-level scratch until the next call.
 */

export const MAX_TEXT = 65_535;
/** The code of the end of a block, among the literals and lengths. */
export const BLOCK_END = 256;
const WINDOW = 32_768;
const LONGEST = 258;
/** How much of the longest match may lie before its comma. */
const MOST_BEFORE = 50;
const FIELDS = 32;
const COMMA = 44;
const NEWLINE = 10;
const ZERO = 48;

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
const distanceSymbols = new Uint8Array(512);
for (let symbol = 0, distance = 1; symbol < 30; symbol++) {
  const bits = symbol < 4 ? 0 : (symbol >> 1) - 1;
  distanceBase[symbol] = distance;
  distanceExtraBits[symbol] = bits;
  for (let extra = 0; extra < 1 << bits; extra++, distance++) {
    distanceSymbols[distance <= 256 ? distance - 1 : 256 + ((distance - 1) >> 7)] = symbol;
  }
}
export function distanceSymbol(distance: number): number {
  return distanceSymbols[distance <= 256 ? distance - 1 : 256 + ((distance - 1) >> 7)] as number;
}

/** Per match: the number of literals before it, and `length << 16 | distance`. */
export const literalRuns = new Int32Array(MAX_TEXT / 3 + 1);
export const matches = new Int32Array(MAX_TEXT / 3 + 1);
/** How often each symbol occurs. */
export const literalCounts = new Int32Array(286);
export const distanceCounts = new Int32Array(30);

/** Where the separator before each field stands, in this line and in the one before: which half is which changes with each line. */
const separators = new Int32Array(2 * FIELDS);
/** Fields that were the same in the latest two lines. */
const steady = new Uint8Array(FIELDS);

/** Returns the number of matches. */
export function tokenize(text: Uint8Array, start: number, end: number): number {
  literalCounts.fill(0);
  distanceCounts.fill(0);
  separators.fill(start);
  steady.fill(0);
  literalCounts[BLOCK_END] = 1;
  let count = 0;
  let literalsFrom = start;
  let line = 0;
  let field = 0;
  let separator = start;
  let i = start;
  if (i < end) countLiteral(text[i++] as number);
  const last = end - 4;
  while (i < last) {
    let byte = text[i] as number;
    while (byte > COMMA && i < last) {
      countLiteral(byte);
      byte = text[++i] as number;
    }
    if (i >= last) break;
    if (byte !== COMMA) {
      countLiteral(byte);
      if (byte === NEWLINE) {
        line ^= FIELDS;
        field = 0;
        separators[line] = separator = i;
      }
      i++;
      continue;
    }
    field = (field + 1) & (FIELDS - 1);
    const before = i - separator;
    const above = i - (separators[(line ^ FIELDS) + field] as number);
    separators[line + field] = separator = i;
    const most = Math.min(end, i + LONGEST - MOST_BEFORE);
    let distance = 0;
    let to = i + 1;
    if (steady[field] === 0 && (differs(text, i + 1, before) | differs(text, i + 2, before)) === 0) {
      distance = before;
      to = i + 3;
      while (to < most && text[to] === text[to - before]) to++;
    } else if (
      (differs(text, i + 1, above) | differs(text, i + 2, above) | differs(text, i + 3, above)) ===
      0
    ) {
      distance = above;
      to = i + 4;
      while (to < most && text[to] === text[to - above]) to++;
      steady[field] = to - i > 7 ? 1 : 0;
    } else {
      steady[field] = 0;
      if (i - literalsFrom >= 3 && zeros(text, i) && i - above - 3 >= start && zeros(text, i - above)) {
        distance = above;
      }
    }
    if (distance === 0 || distance > WINDOW || text[i - distance] !== COMMA) {
      countLiteral(COMMA);
      i++;
      continue;
    }
    let from = i;
    const least = Math.max(literalsFrom, start + distance, i - MOST_BEFORE);
    while (from > least && text[from - 1] === text[from - 1 - distance]) {
      from--;
      const taken = text[from] as number;
      literalCounts[taken] = (literalCounts[taken] as number) - 1;
    }
    literalRuns[count] = from - literalsFrom;
    matches[count++] = ((to - from) << 16) | distance;
    countLiteral(lengthSymbol[to - from] as number);
    const symbol = distanceSymbol(distance);
    distanceCounts[symbol] = (distanceCounts[symbol] as number) + 1;
    if (distance === before) {
      // Its source is the field before: the commas inside follow each other at that distance.
      while (separator + before < to) {
        separator += before;
        field = (field + 1) & (FIELDS - 1);
        separators[line + field] = separator;
      }
    } else {
      for (i++; i < to; i++) {
        const inside = text[i] as number;
        if (inside > COMMA) continue;
        if (inside === COMMA) {
          field = (field + 1) & (FIELDS - 1);
          separators[line + field] = separator = i;
        } else if (inside === NEWLINE) {
          line ^= FIELDS;
          field = 0;
          separators[line] = separator = i;
        }
      }
    }
    i = to;
    literalsFrom = to;
  }
  for (; i < end; i++) countLiteral(text[i] as number);
  return count;
}

function countLiteral(symbol: number): void {
  literalCounts[symbol] = (literalCounts[symbol] as number) + 1;
}

/** Not zero where a byte is another than the one `distance` before. Joined by `|`, not `||`: guesses of the processor's cost more. */
function differs(text: Uint8Array, at: number, distance: number): number {
  return (text[at] as number) ^ (text[at - distance] as number);
}

function zeros(text: Uint8Array, end: number): boolean {
  const first = (text[end - 3] as number) ^ ZERO;
  return (first | ((text[end - 2] as number) ^ ZERO) | ((text[end - 1] as number) ^ ZERO)) === 0;
}
