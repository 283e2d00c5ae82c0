/** Members of blocked gzip, written (bgzf.ts reads them). Apart, so that a reader does not load the encoder. */
import { constants, crc32, deflateRawSync } from 'node:zlib';
import { END_MARKER, HEADER_BYTES, MAX_MEMBER_TEXT, TRAILER_BYTES } from './bgzf.js';
import { deflateInto } from './deflate.js';

/**
 * Writes one member that holds the text [start, end), at most MAX_MEMBER_TEXT bytes, at `at`, where there must be MAX_MEMBER bytes of room.
 * Returns its size. The same records give the same bytes on every machine and every version of Node.
 */
export function writeMember(
  text: Uint8Array,
  start: number,
  end: number,
  target: Buffer,
  at: number,
): number {
  const length = end - start;
  if (length > MAX_MEMBER_TEXT) {
    throw new RangeError(`a member holds at most ${MAX_MEMBER_TEXT} bytes, not ${length}`);
  }
  target.set(END_MARKER.subarray(0, HEADER_BYTES), at);
  const data = compress(text, start, end, target, at + HEADER_BYTES);
  const size = HEADER_BYTES + data + TRAILER_BYTES;
  target.writeUInt16LE(size - 1, at + 16);
  target.writeUInt32LE(crc32(text.subarray(start, end)), at + size - 8);
  target.writeUInt32LE(length, at + size - 4);
  return size;
}

function compress(text: Uint8Array, start: number, end: number, target: Buffer, at: number): number {
  const part = text.subarray(start, end);
  // Our own encoder looks for repetitions behind commas; without any the text is no record, and zlib's is the better one.
  if (part.includes(COMMA)) return deflateInto(text, start, end, target, at);
  const data = deflateRawSync(part, { level: constants.Z_BEST_SPEED });
  if (data.length > end - start) return deflateInto(text, start, end, target, at);
  target.set(data, at);
  return data.length;
}

const COMMA = 44;
