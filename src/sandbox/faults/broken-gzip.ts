/** Gzip that is damaged, or ends where only a comparison with the whole shows it. */
import { gunzipSync, gzipSync, inflateRawSync } from 'node:zlib';

const LINE_END = 10;
const DIGITS = { from: 48, to: 57 };
/**
 * Of a gzip header without optional fields; where its flags are, and the one that says that a comment
 * follows.
 */
const [HEADER_BYTES, FLAGS, COMMENTED] = [10, 3, 16] as const;

/** With one bit of one byte turned. */
export function flipped(body: Uint8Array, where: number): Uint8Array {
  if (body.length === 0) return body;
  const damaged = Uint8Array.from(body);
  const at = where % body.length;
  damaged[at] = (damaged[at] ?? 0) ^ (1 << (where >>> 29));
  return damaged;
}

/**
 * Another text's gzip of exactly the same length: its last digit is changed, it is compressed better, and a
 * comment in the header (RFC 1952, section 2.3.1) makes up for that. Bytes that are no gzip, or cannot be
 * compressed better, get one bit turned.
 */
export function forged(body: Uint8Array): Uint8Array {
  let text: Buffer;
  try {
    text = gunzipSync(body);
  } catch {
    return flipped(body, 0);
  }
  const at = text.findLastIndex((byte) => byte >= DIGITS.from && byte <= DIGITS.to);
  if (at >= 0) text[at] = (text[at] ?? 0) ^ 1;
  const packed = gzipSync(text, { level: 9 });
  const spare = body.length - packed.length;
  if (at < 0 || spare < 0) return flipped(body, 0);
  if (spare === 0) return packed;
  const header = Buffer.from(packed.subarray(0, HEADER_BYTES));
  header[FLAGS] = COMMENTED;
  const comment = Buffer.alloc(spare, ' ');
  comment[spare - 1] = 0;
  return Buffer.concat([header, comment, packed.subarray(HEADER_BYTES)]);
}

/** The gzip up to the end of one of its members but the last. Bytes that are no gzip stay as they are. */
export function wholeMembers(body: Uint8Array, where: number): Uint8Array {
  try {
    const ends = memberEnds(body);
    if (ends.length > 1) return body.subarray(0, ends[where % (ends.length - 1)]);
    const text = gunzipSync(body);
    return gzipSync(text.subarray(0, text.lastIndexOf(LINE_END, text.length >> 1) + 1), { level: 1 });
  } catch {
    return body;
  }
}

/** Where each member ends: behind its deflate stream and the eight bytes of its trailer (RFC 1952). */
function memberEnds(gzip: Uint8Array): readonly number[] {
  const ends: number[] = [];
  for (let at = 0; at < gzip.length; ) {
    const begin = at + headerBytes(gzip.subarray(at));
    const { engine } = inflateRawSync(gzip.subarray(begin), { info: true }) as unknown as {
      readonly engine: { readonly bytesWritten: number };
    };
    at = begin + engine.bytesWritten + 8;
    ends.push(at);
  }
  return ends;
}

/** RFC 1952, section 2.3. RangeError where it is not a member's beginning. */
function headerBytes(member: Uint8Array): number {
  if (member[0] !== 0x1f || member[1] !== 0x8b) throw new RangeError('no gzip member');
  const flags = member[3] ?? 0;
  let length = 10;
  if (flags & 4) length += 2 + (member[length] ?? 0) + 256 * (member[length + 1] ?? 0);
  for (const named of [8, 16]) if (flags & named) length = member.indexOf(0, length) + 1;
  return flags & 2 ? length + 2 : length;
}
