/**
 * A bar's series values copied as bytes, `Open,High,Low,Close,Volume`, useless zeros dropped: the quick way
 * for the numbers that nearly all are, digits with at most one point. What it cannot do it leaves to
 * barValues, with which it agrees (test/market/records/bar-bytes.test.ts).
 */
import type { Fields } from './bar.js';
import type { Columns } from './columns.js';

/** Room that a plain number never exceeds; a longer one is left to the slow way. */
const LONGEST = 40;
export const MOST_VALUE_BYTES = 5 * (LONGEST + 1);

/**
 * Writes the values at `at`, where there must be MOST_VALUE_BYTES of room. Returns their end, or -1 for a bar
 * that is not plain.
 */
export function writeBarBytes(fields: Fields, columns: Columns, target: Uint8Array, at: number): number {
  let end = writeNumber(fields, columns.open, target, at);
  if (end >= 0) end = writeNumber(fields, columns.high, target, comma(target, end));
  if (end >= 0) end = writeNumber(fields, columns.low, target, comma(target, end));
  if (end >= 0) end = writeNumber(fields, columns.close, target, comma(target, end));
  if (end < 0) return -1;
  const at5 = comma(target, end);
  if (columns.volume >= 0) return writeNumber(fields, columns.volume, target, at5);
  target[at5] = 48;
  return at5 + 1;
}

function comma(target: Uint8Array, at: number): number {
  target[at] = 44;
  return at + 1;
}

function writeNumber(fields: Fields, column: number, target: Uint8Array, at: number): number {
  const { bytes } = fields;
  const start = fields.starts[column] as number;
  let end = fields.ends[column] as number;
  if (end - start > LONGEST || end === start) return -1;
  let point = -1;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte === 46) {
      if (point >= 0 || i === start || i === end - 1) return -1;
      point = i;
    } else if (byte < 48 || byte > 57) return -1;
  }
  // A zero in front says nothing, unless it is the only digit before the point.
  if (bytes[start] === 48 && end - start > 1 && point !== start + 1) return -1;
  if (point >= 0) {
    while (bytes[end - 1] === 48) end--;
    if (end - 1 === point) end = point;
  }
  let to = at;
  for (let i = start; i < end; i++) target[to++] = bytes[i] as number;
  return to;
}
