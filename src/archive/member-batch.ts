/**
 * Members out of many files, inflated together: one call of zlib for hundreds of them, since each call costs as much as a member. Where one of
 * them is damaged, each is inflated by itself, so that only its own file suffers.
 */
import { gunzipSync } from 'node:zlib';
import { ArchiveDamage, checkTextLength, memberSize, memberTexts, type TextLimit } from './bgzf.js';

/** A stretch of whole members, as it stands in its file. */
interface Piece<Tag> {
  readonly tag: Tag;
  /** Where it begins in the file, for what is said of damage. */
  readonly base: number;
  readonly start: number;
  readonly end: number;
  /** Bytes of text of each member, by its trailer. */
  readonly lengths: readonly number[];
}

export interface MemberBatch<Tag> {
  /** Compressed bytes so far. */
  readonly bytes: number;
  /** Adds a stretch of whole members that `read` puts at the place it is given. Throws ArchiveDamage, and is then as it was before. */
  add(tag: Tag, base: number, length: number, read: (target: Buffer, at: number) => void): void;
  /** Hands each stretch's texts on, in the order of `add`, or its damage; then the batch is empty. */
  finish(take: (tag: Tag, texts: readonly Uint8Array[] | ArchiveDamage) => void): void;
}

const LEAST_BYTES = 1 << 20;

export function newMemberBatch<Tag>(limits: TextLimit): MemberBatch<Tag> {
  let buffer = Buffer.allocUnsafeSlow(LEAST_BYTES);
  let used = 0;
  let pieces: Piece<Tag>[] = [];
  return {
    get bytes() {
      return used;
    },
    add: (tag, base, length, read) => {
      if (used + length > buffer.length) {
        const larger = Buffer.allocUnsafeSlow(Math.max(buffer.length * 2, used + length));
        buffer.copy(larger, 0, 0, used);
        buffer = larger;
      }
      read(buffer, used);
      const end = used + length;
      pieces.push({
        tag,
        base,
        start: used,
        end,
        lengths: textLengths(buffer.subarray(used, end), limits, base),
      });
      used = end;
    },
    finish: (take) => {
      const text = inflated(buffer.subarray(0, used), pieces);
      let at = 0;
      for (const { tag, base, start, end, lengths } of pieces) {
        if (text === undefined) {
          take(tag, textsOrDamage(buffer.subarray(start, end), limits, base));
          continue;
        }
        take(
          tag,
          lengths.map((length) => {
            at += length;
            return text.subarray(at - length, at);
          }),
        );
      }
      pieces = [];
      used = 0;
    },
  };
}

/** The text of a stretch of whole members, in one piece. Throws ArchiveDamage. */
export function textOfMembers(members: Buffer, limits: TextLimit, base: number): Uint8Array {
  const lengths = textLengths(members, limits, base);
  return inflated(members, [{ lengths }]) ?? Buffer.concat(memberTexts(members, limits, base));
}

function textLengths(members: Buffer, limits: TextLimit, base: number): readonly number[] {
  const lengths: number[] = [];
  let all = 0;
  for (let at = 0; at < members.length; ) {
    at += memberSize(members, at, base);
    if (at > members.length) throw new ArchiveDamage(`the BGZF member before byte ${base + at} is cut off`);
    const length = members.readUInt32LE(at - 4);
    if (length > 0x10000)
      throw new ArchiveDamage(`the BGZF member before byte ${base + at} claims ${length} bytes of text`);
    all += length;
    checkTextLength(all, limits);
    lengths.push(length);
  }
  return lengths;
}

/** All texts one behind the other, each checked by zlib against its length and CRC-32; undefined where any is damaged. */
function inflated(
  members: Buffer,
  pieces: readonly { readonly lengths: readonly number[] }[],
): Buffer | undefined {
  let total = 0;
  for (const { lengths } of pieces) for (const length of lengths) total += length;
  if (members.length === 0) return Buffer.alloc(0);
  try {
    // One byte more than there is: zlib then sees the end in its first call.
    const text = gunzipSync(members, { maxOutputLength: total + 1, chunkSize: Math.max(64, total + 1) });
    return text.length === total ? text : undefined;
  } catch {
    return undefined;
  }
}

function textsOrDamage(
  members: Uint8Array,
  limits: TextLimit,
  base: number,
): readonly Uint8Array[] | ArchiveDamage {
  try {
    return memberTexts(members, limits, base);
  } catch (error) {
    if (error instanceof ArchiveDamage) return error;
    throw error;
  }
}
