/**
 * Members out of many files, inflated together: one call of zlib for hundreds of them, since each call costs
 * as much as a member. Where one of them is damaged, each is inflated by itself, so that only its own file
 * suffers.
 */
import { gunzipSync } from 'node:zlib';
import { collectBuffers } from '#platform/threads/collect.js';
import { ArchiveDamage, checkTextLength, memberSize, memberTexts, type TextLimit } from './bgzf.js';

/** A stretch of whole members, as it stands in its file. */
interface Piece<Tag> {
  readonly tag: Tag;
  /** Where it begins in the file, for what is said of damage. */
  readonly base: number;
  readonly start: number;
  readonly end: number;
  readonly frames: readonly Frame[];
}

interface Frame {
  /** Where the member begins in its file. */
  readonly offset: number;
  /** Bytes of its text, by its trailer. */
  readonly length: number;
}

export interface MemberText {
  readonly offset: number;
  readonly text: Uint8Array;
}

export interface MemberBatch<Tag> {
  /** Compressed bytes so far. */
  readonly bytes: number;
  /**
   * Adds a stretch of whole members that `read` fills its target with. Throws ArchiveDamage, and is then as
   * it was before.
   */
  add(tag: Tag, base: number, length: number, read: (target: Buffer) => void): void;
  /** Hands each stretch's texts on, in the order of `add`, or its damage; then the batch is empty. */
  finish(take: (tag: Tag, members: readonly MemberText[] | ArchiveDamage) => void): void;
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
      const end = used + length;
      const members = buffer.subarray(used, end);
      read(members);
      pieces.push({ tag, base, start: used, end, frames: framesOf(members, limits, base) });
      used = end;
    },
    finish: (take) => {
      const text = inflated(buffer.subarray(0, used), pieces);
      let at = 0;
      for (const { tag, base, start, end, frames } of pieces) {
        if (text === undefined) {
          take(tag, eachOrDamage(buffer.subarray(start, end), frames, limits, base));
          continue;
        }
        const from = at;
        for (const { length } of frames) at += length;
        take(tag, cut(text.subarray(from, at), frames));
      }
      pieces = [];
      used = 0;
    },
  };
}

/** The texts of a stretch of whole members. Throws ArchiveDamage. */
export function textsOfMembers(members: Buffer, limits: TextLimit, base: number): readonly MemberText[] {
  const frames = framesOf(members, limits, base);
  const text = inflated(members, [{ frames }]);
  return text === undefined ? each(members, frames, limits, base) : cut(text, frames);
}

function cut(text: Uint8Array, frames: readonly Frame[]): readonly MemberText[] {
  let at = 0;
  return frames.map(({ offset, length }) => {
    at += length;
    return { offset, text: text.subarray(at - length, at) };
  });
}

function framesOf(members: Buffer, limits: TextLimit, base: number): readonly Frame[] {
  const frames: Frame[] = [];
  let all = 0;
  for (let at = 0; at < members.length; ) {
    const offset = base + at;
    at += memberSize(members, at, base);
    if (at > members.length) throw new ArchiveDamage(`the BGZF member before byte ${base + at} is cut off`);
    const length = members.readUInt32LE(at - 4);
    if (length > 0x10000)
      throw new ArchiveDamage(`the BGZF member before byte ${base + at} claims ${length} bytes of text`);
    all += length;
    checkTextLength(all, limits);
    frames.push({ offset, length });
  }
  return frames;
}

/**
 * All texts one behind the other, each checked by zlib against its length and CRC-32; undefined where any is
 * damaged.
 */
function inflated(
  members: Buffer,
  pieces: readonly { readonly frames: readonly Frame[] }[],
): Buffer | undefined {
  let total = 0;
  for (const { frames } of pieces) for (const { length } of frames) total += length;
  if (members.length === 0) return Buffer.alloc(0);
  // The text, and what its readers make of it.
  collectBuffers(members.length + 3 * total);
  try {
    // One byte more than there is: zlib then sees the end in its first call.
    const text = gunzipSync(members, { maxOutputLength: total + 1, chunkSize: Math.max(64, total + 1) });
    return text.length === total ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Each inflated by itself. Throws ArchiveDamage. */
function each(
  members: Uint8Array,
  frames: readonly Frame[],
  limits: TextLimit,
  base: number,
): readonly MemberText[] {
  const texts = memberTexts(members, limits, base);
  return frames.map(({ offset }, i) => ({ offset, text: texts[i] as Uint8Array }));
}

function eachOrDamage(
  members: Uint8Array,
  frames: readonly Frame[],
  limits: TextLimit,
  base: number,
): readonly MemberText[] | ArchiveDamage {
  try {
    return each(members, frames, limits, base);
  } catch (error) {
    if (error instanceof ArchiveDamage) return error;
    throw error;
  }
}
