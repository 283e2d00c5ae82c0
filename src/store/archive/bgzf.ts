/**
 * Blocked gzip (BGZF), section 4.1 of the SAM specification (https://samtools.github.io/hts-specs/SAMv1.pdf):
 * a series of gzip members of at most 64 KiB, each with its own size in an extra field, so that a reader can
 * hop and start anywhere, while every gzip tool reads the whole as one file. This module reads members,
 * bgzf-write.ts makes them; what stands in them is day-archive.ts.
 */
import { crc32, inflateRawSync } from 'node:zlib';
import type { DayRules } from '#market/datasets/dataset.js';
import { gunzipWhole } from '#platform/gzip/gunzip-whole.js';
import { isGzipDamage } from '#platform/gzip/gzip-damage.js';

/**
 * The most text that a member may hold, so that it fits 64 KiB even where it does not compress (htslib's
 * BGZF_BLOCK_SIZE).
 */
export const MAX_MEMBER_TEXT = 65_280;

export const HEADER_BYTES = 18;
export const TRAILER_BYTES = 8;

/** An empty member: the specification's end-of-file marker. */
export const END_MARKER: Uint8Array = Uint8Array.from([
  0x1f, 0x8b, 0x08, 0x04, 0, 0, 0, 0, 0, 0xff, 0x06, 0, 0x42, 0x43, 0x02, 0, 0x1b, 0, 0x03, 0, 0, 0, 0, 0, 0,
  0, 0, 0,
]);

/** A file of blocked gzip that is not what it should be; the message names the offset. */
export class ArchiveDamage extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ArchiveDamage';
  }
}

/** No member is larger, in bytes. */
export const MAX_MEMBER = 0x10000;

/** Whether the bytes at `at` begin a pure BGZF member: no extra field but BGZF's own, no name, no comment. */
export function isMember(bytes: Uint8Array, at = 0): boolean {
  if (at + HEADER_BYTES > bytes.length) return false;
  for (const i of [0, 1, 2, 3, 10, 11, 12, 13, 14, 15]) {
    if (bytes[at + i] !== END_MARKER[i]) return false;
  }
  return true;
}

/**
 * Size in bytes of the member at `at`. Throws ArchiveDamage where there is none. `base` is the offset of
 * `bytes` in the file.
 */
export function memberSize(bytes: Uint8Array, at: number, base = 0): number {
  if (!isMember(bytes, at)) throw new ArchiveDamage(`no BGZF member at byte ${base + at}`);
  const size = (bytes[at + 16] as number) + ((bytes[at + 17] as number) << 8) + 1;
  if (size < HEADER_BYTES + TRAILER_BYTES + 2) {
    throw new ArchiveDamage(`the BGZF member at byte ${base + at} claims ${size} bytes`);
  }
  return size;
}

/** The text of the member at `at`, checked against its length and CRC-32. */
export function inflateMember(bytes: Uint8Array, at: number, base = 0): Uint8Array {
  const size = memberSize(bytes, at, base);
  const end = at + size;
  if (end > bytes.length) {
    throw new ArchiveDamage(
      `the BGZF member at byte ${base + at} has ${size} bytes, and ${bytes.length - at} are there`,
    );
  }
  const trailer = Buffer.from(bytes.buffer, bytes.byteOffset + end - TRAILER_BYTES, TRAILER_BYTES);
  const expected = trailer.readUInt32LE(4);
  if (expected > 0x10000) {
    throw new ArchiveDamage(`the BGZF member at byte ${base + at} claims ${expected} bytes of text`);
  }
  const data = bytes.subarray(at + HEADER_BYTES, end - TRAILER_BYTES);
  let text: Uint8Array;
  try {
    // One byte more than there is: zlib then sees the end in its first call.
    text = inflateRawSync(data, { maxOutputLength: 0x10001, chunkSize: Math.max(64, expected + 1) });
  } catch (cause) {
    // More text than it can hold says the same of it as text that breaks off.
    const isTooLong = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    if (!isTooLong && !isGzipDamage(cause)) throw cause;
    throw new ArchiveDamage(
      `the BGZF member at byte ${base + at} does not inflate (${(cause as Error).message})`,
    );
  }
  if (text.length !== expected || crc32(text) !== trailer.readUInt32LE(0)) {
    throw new ArchiveDamage(`the BGZF member at byte ${base + at} fails its CRC-32`);
  }
  return text;
}

/** The texts of all members in `bytes`; `base` is the offset of `bytes` in the file. Throws ArchiveDamage. */
export function memberTexts(bytes: Uint8Array, limits: TextLimit, base = 0): readonly Uint8Array[] {
  const texts: Uint8Array[] = [];
  let length = 0;
  for (let at = 0; at < bytes.length; at += memberSize(bytes, at, base)) {
    const text = inflateMember(bytes, at, base);
    length += text.length;
    checkTextLength(length, limits);
    texts.push(text);
  }
  return texts;
}

export type TextLimit = Pick<DayRules, 'maxTextBytes'>;

/** Throws ArchiveDamage. */
export function checkTextLength(length: number, { maxTextBytes }: TextLimit): void {
  if (length > maxTextBytes)
    throw new ArchiveDamage(`it holds more than ${maxTextBytes} bytes of text, the dataset's limit`);
}

/**
 * Throws ArchiveDamage where a file of blocked gzip lacks the end marker: one cut between two members shows
 * in nothing else.
 */
export function checkEnd(file: Uint8Array): void {
  if (Buffer.compare(file.subarray(-END_MARKER.length), END_MARKER) !== 0) {
    throw new ArchiveDamage(`it has ${file.length} bytes and does not end in BGZF's end marker`);
  }
}

/** The text of a whole archive file, blocked or plain gzip. Throws ArchiveDamage. */
export function inflateArchive(file: Uint8Array, limits: TextLimit): Uint8Array {
  if (isMember(file)) {
    checkEnd(file);
    return Buffer.concat(memberTexts(file, limits));
  }
  try {
    return gunzipWhole(file, { maxOutputLength: limits.maxTextBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      checkTextLength(Number.POSITIVE_INFINITY, limits);
    throw isGzipDamage(error) ? new ArchiveDamage(`it does not gunzip (${(error as Error).message})`) : error;
  }
}
