/**
 * Members of blocked gzip, written (bgzf.ts reads them). Apart, so that a reader does not load the encoder.
 */
import { crc32 } from 'node:zlib';
import type { MemberForm } from '#market/datasets/dataset.js';
import { END_MARKER, HEADER_BYTES, MAX_MEMBER_TEXT, TRAILER_BYTES } from './bgzf.js';
import { deflateInto } from './deflate.js';

/**
 * Writes one member that holds the text, at most MAX_MEMBER_TEXT bytes, at `at`, where there must be
 * MAX_MEMBER bytes of room. Returns its size. The same text gives the same bytes on every machine and every
 * version of Node.
 */
export function writeMember(
  text: Uint8Array,
  search: MemberForm['search'],
  target: Buffer,
  at: number,
): number {
  const { length } = text;
  if (length > MAX_MEMBER_TEXT) {
    throw new RangeError(`a member holds at most ${MAX_MEMBER_TEXT} bytes, not ${length}`);
  }
  target.set(END_MARKER.subarray(0, HEADER_BYTES), at);
  const data = deflateInto(text, search, target, at + HEADER_BYTES);
  const size = HEADER_BYTES + data + TRAILER_BYTES;
  target.writeUInt16LE(size - 1, at + 16);
  target.writeUInt32LE(crc32(text), at + size - 8);
  target.writeUInt32LE(length, at + size - 4);
  return size;
}
