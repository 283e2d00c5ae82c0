/**
 * A day's object as an open file: what was asked for ahead, else a ranged GET. Who reads on where the last read
 * ended gets larger stretches, the next of them under way already. Read from its first byte to its last, it is
 * checked against its SHA-256.
 */
import { newSha256, type Sha256 } from '#platform/disk/sha256.js';
import { SourceError } from '#platform/http/source-error.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import type { OpenDayFile } from '#store/archive/day-file.js';
import type { DayManifest } from './manifest.js';
import type { Asked, BucketObjects } from './objects.js';

export type ReadPart = Uint8Array | Error;

/** Bytes of a stretch for who reads on and on. */
const STRETCH_BYTES = 8 << 20;

interface Reading {
  readonly objects: Pick<BucketObjects, 'ask' | 'take' | 'nameOf'>;
  readonly archive: DayManifest['archive'];
  /** What was asked for ahead. */
  readonly ahead: (from: number, length: number) => ReadPart | undefined;
}

/** Throws ArchiveDamage, or SourceError. */
export function readerOf({ objects, archive, ahead }: Reading): OpenDayFile['read'] {
  const { key, bytes: size } = archive;
  const name = objects.nameOf(key);
  const check = newWholeCheck(archive, name);
  let window: { readonly from: number; readonly bytes: Uint8Array } | undefined;
  let next: { readonly from: number; readonly length: number; readonly asked: Asked } | undefined;

  const ask = (from: number, length: number): Asked =>
    objects.ask([{ key, start: from, end: from + length, maxBytes: length }]);
  const take = (asked: Asked, length: number): Uint8Array => sound(objects.take(asked)[0], length, name);
  const stretch = (from: number, length: number): Uint8Array => {
    const onward = window !== undefined && from >= window.from && from <= window.from + window.bytes.length;
    const whole = Math.min(size - from, onward ? Math.max(length, STRETCH_BYTES) : length);
    const isAsked = next !== undefined && next.from <= from && from + length <= next.from + next.length;
    if (next !== undefined && isAsked) {
      window = { from: next.from, bytes: take(next.asked, next.length) };
    } else {
      if (next !== undefined) objects.take(next.asked);
      window = { from, bytes: take(ask(from, whole), whole) };
    }
    next = undefined;
    const end = window.from + window.bytes.length;
    if (onward && end < size) {
      // A record that ends behind the stretch is read again from its beginning, up to a member before.
      const begin = Math.max(0, end - OVERLAP);
      const nextLength = Math.min(STRETCH_BYTES, size - begin);
      next = { from: begin, length: nextLength, asked: ask(begin, nextLength) };
    }
    return window.bytes.subarray(from - window.from);
  };

  return (offset, target) => {
    const length = Math.min(target.length, Math.max(0, size - offset));
    if (length === 0) return 0;
    const asked = ahead(offset, length);
    const inWindow =
      window !== undefined && window.from <= offset && offset + length <= window.from + window.bytes.length
        ? window.bytes.subarray(offset - window.from)
        : undefined;
    const bytes = asked !== undefined ? sound(asked, length, name) : (inWindow ?? stretch(offset, length));
    target.set(bytes.subarray(0, length));
    check(offset, target.subarray(0, length));
    return length;
  };
}

/** Members are read whole: one that is cut off by a stretch begins the next. */
const OVERLAP = 1 << 21;

/** What may be amiss with an object is damage of its day; what may be amiss with the way to it is not. */
export function damageOf(error: Error, name: string): ArchiveDamage {
  if (error instanceof SourceError && error.kind === 'not-found') return new ArchiveDamage(`${name} is gone`);
  if (error instanceof SourceError && (error.kind === 'damaged' || error.kind === 'changed'))
    return new ArchiveDamage(`${name}: ${error.message}`);
  throw error;
}

function sound(bytes: ReadPart | undefined, length: number, name: string): Uint8Array {
  if (bytes instanceof Error) throw damageOf(bytes, name);
  if (bytes?.length !== length)
    throw new ArchiveDamage(`${name} has ${bytes?.length ?? 0} bytes where ${length} are told of`);
  return bytes;
}

/** Of who reads everything, in whatever stretches that follow each other. */
function newWholeCheck({ bytes: size, sha256 }: DayManifest['archive'], name: string) {
  let hash: Sha256 | undefined = newSha256();
  let hashed = 0;
  return (offset: number, bytes: Uint8Array): void => {
    if (hash === undefined || offset > hashed || offset + bytes.length <= hashed) return;
    hash.update(bytes.subarray(hashed - offset));
    hashed = offset + bytes.length;
    if (hashed < size) return;
    const found = hash.digest();
    hash = undefined;
    if (found !== sha256) throw new ArchiveDamage(`${name} has another SHA-256 than its manifest tells`);
  };
}
