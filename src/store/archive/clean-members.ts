/**
 * What the text of a member does not show: the fields of its header that no reader looks at, and the bits
 * behind its last code. As written, the former are alike in all members of a file and the latter are zero;
 * where they are not, the text is whole and the file is not as it was.
 */
import { crc32, inflateRawSync } from 'node:zlib';
import { HEADER_BYTES, MAX_MEMBER, memberSize, TRAILER_BYTES } from './bgzf.js';

/** Time, flags and system of a gzip header: RFC 1952, section 2.3. */
const UNREAD = { from: 4, to: 10 } as const;

export interface Members {
  readonly count: number;
  readonly areClean: boolean;
}

/**
 * `read` returns so many bytes of a file of sound members from an offset on, fewer at its end. Throws
 * ArchiveDamage.
 */
export function lookAtMembers(size: number, read: (offset: number, length: number) => Uint8Array): Members {
  let first: Uint8Array | undefined;
  let [count, areClean] = [0, true];
  for (let at = 0; at < size; count++) {
    const bytes = read(at, Math.min(MAX_MEMBER, size - at));
    const member = bytes.subarray(0, memberSize(bytes, 0, at));
    first ??= member.slice(UNREAD.from, UNREAD.to);
    at += member.length;
    // The end marker is the same in every file, and is checked when one is opened.
    if (at < size)
      areClean &&=
        Buffer.compare(first, member.subarray(UNREAD.from, UNREAD.to)) === 0 && !hasBitsBehindEnd(member);
  }
  return { count, areClean };
}

/** Whether the last byte's highest bit that is set is one that inflating does without. */
function hasBitsBehindEnd(member: Uint8Array): boolean {
  const deflated = member.slice(HEADER_BYTES, member.length - TRAILER_BYTES);
  const last = deflated.at(-1) ?? 0;
  if (last === 0) return false;
  deflated[deflated.length - 1] = last ^ (1 << (31 - Math.clz32(last)));
  const crc = Buffer.from(member.buffer, member.byteOffset, member.length).readUInt32LE(
    member.length - TRAILER_BYTES,
  );
  try {
    return crc32(inflateRawSync(deflated, { maxOutputLength: 0x10001 })) === crc;
  } catch {
    return false;
  }
}
