/**
 * The members of a file one after the other, a stretch of them at a time: memory does not grow with the file.
 */
import {
  ArchiveDamage,
  checkTextLength,
  END_MARKER,
  inflateMember,
  MAX_MEMBER,
  memberSize,
  type TextLimit,
} from './bgzf.js';
import { type OpenDayFile, readAt } from './day-file.js';
import { type MemberText, textsOfMembers } from './member-batch.js';

/** Compressed bytes that are read and inflated together. */
const STRETCH_BYTES = 1 << 20;

/**
 * From the first to the end marker, each text valid until the next is asked for. Throws ArchiveDamage or the
 * disk's error.
 */
export function* membersOfFile(open: OpenDayFile, limits: TextLimit): Generator<MemberText> {
  const { size } = open;
  const length = Math.min(size, END_MARKER.length);
  if (Buffer.compare(readAt(open, size - length, length), END_MARKER) !== 0)
    throw new ArchiveDamage(`it has ${size} bytes and does not end in BGZF's end marker`);
  let text = 0;
  for (let offset = 0; offset < size; ) {
    const bytes = readAt(open, offset, Math.min(STRETCH_BYTES, size - offset));
    const whole = endOfWhole(bytes, offset);
    // Says what is amiss with a member that goes beyond the file.
    if (whole === 0) inflateMember(bytes, 0, offset);
    for (const member of textsOfMembers(bytes.subarray(0, whole), limits, offset)) {
      text += member.text.length;
      checkTextLength(text, limits);
      yield member;
    }
    offset += whole;
  }
}

/** The same of a file that is in memory. */
export function* membersOfBytes(file: Uint8Array, limits: TextLimit): Generator<MemberText> {
  let text = 0;
  for (let offset = 0; offset < file.length; offset += memberSize(file, offset)) {
    const member = { offset, text: inflateMember(file, offset) };
    text += member.text.length;
    checkTextLength(text, limits);
    yield member;
  }
}

/** Behind the last member that is there whole. Throws ArchiveDamage where something else stands. */
export function endOfWhole(bytes: Uint8Array, base: number): number {
  let at = 0;
  while (bytes.length - at >= MAX_MEMBER || isThere(bytes, at, base)) at += memberSize(bytes, at, base);
  return at;
}

/** Whether the member at `at`, near the end of the bytes, is there whole. */
function isThere(bytes: Uint8Array, at: number, base: number): boolean {
  const SIZE_AT = 18;
  if (bytes.length - at < SIZE_AT) return false;
  return at + memberSize(bytes, at, base) <= bytes.length;
}
