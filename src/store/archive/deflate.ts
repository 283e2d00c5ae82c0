/**
 * A raw deflate stream (RFC 1951) of one block: dynamic Huffman codes (section 3.2.7), or stored (3.2.4)
 * where that is not larger. Right for any bytes, fast and small for market rows, and the same bytes from
 * every version of Node, which zlib's are not.
 */
import type { MemberForm } from '#market/datasets/dataset.js';
import { kernel } from '#platform/wasm/kernel.js';

const MAX_TEXT = 65_535;
const STORED_BYTES = 5;

/**
 * Writes `text`, at most 65,535 bytes, as a whole stream at `at`, where there must be room for 64 bytes more
 * than it has. Returns the stream's length and writes nothing beyond it.
 */
export function deflateInto(
  text: Uint8Array,
  search: MemberForm['search'],
  target: Uint8Array,
  at: number,
): number {
  const { length } = text;
  if (length > MAX_TEXT) throw new RangeError(`a block holds at most ${MAX_TEXT} bytes, not ${length}`);
  const { text: scratch, deflate, output } = kernel();
  scratch.set(text);
  const size = deflate(length, length + STORED_BYTES, search === 'fields');
  if (size < 0) return store(text, target, at);
  target.set(output.subarray(0, size), at);
  return size;
}

function store(text: Uint8Array, target: Uint8Array, at: number): number {
  const size = text.length;
  target[at] = 1;
  target[at + 1] = size & 255;
  target[at + 2] = size >> 8;
  target[at + 3] = ~size & 255;
  target[at + 4] = (~size >> 8) & 255;
  target.set(text, at + STORED_BYTES);
  return size + STORED_BYTES;
}
