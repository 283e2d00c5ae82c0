/**
 * How much text the archive stands for, from a sample of its days. A member of blocked gzip gives the length
 * of its text in its last four bytes, so that hopping over a file's members takes a few hundred short reads,
 * and nothing is inflated.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { isMember, memberSize } from '#store/archive/bgzf.js';

export interface ArchivedFile {
  readonly file: string;
  /** Bytes. */
  readonly size: number;
}

export interface TextSize {
  /** Bytes of text of all files; an estimate, but where every file was looked at. */
  readonly bytes: number;
  /** Files that were looked at. */
  readonly sampled: number;
}

const SAMPLE = 8;
const HEADER = 18;
/** A member's length of text, then the next member's header. */
const PEEK = 4 + HEADER;

/**
 * `files` in the order of their days. Undefined where none of the sample is blocked gzip: a plain one does
 * not give it cheaply.
 */
export function estimateText(files: readonly ArchivedFile[]): TextSize | undefined {
  let [compressed, text, sampled, all] = [0, 0, 0, 0];
  for (const { size } of files) all += size;
  for (const { file, size } of spread(files)) {
    const length = textLength(file, size);
    if (length === undefined) continue;
    compressed += size;
    text += length;
    sampled++;
  }
  return sampled === 0 ? undefined : { bytes: Math.round((all / compressed) * text), sampled };
}

/** Where it is known of each. */
export function knownText(sizes: readonly (number | undefined)[]): TextSize | undefined {
  let bytes = 0;
  for (const size of sizes) {
    if (size === undefined) return undefined;
    bytes += size;
  }
  return sizes.length === 0 ? undefined : { bytes, sampled: sizes.length };
}

/** Evenly spaced, the first and the last among them. */
function spread<T>(items: readonly T[]): readonly T[] {
  if (items.length <= SAMPLE) return items;
  const at = (i: number): number => Math.round((i * (items.length - 1)) / (SAMPLE - 1));
  return Array.from({ length: SAMPLE }, (_, i) => items[at(i)] as T);
}

/** Undefined where the file is not blocked gzip to its end, or cannot be read. */
function textLength(file: string, size: number): number | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return undefined;
  }
  try {
    const bytes = Buffer.alloc(PEEK);
    let text = 0;
    if (readSync(descriptor, bytes, 4, HEADER, 0) < HEADER) return undefined;
    for (let at = 0; at < size; ) {
      if (!isMember(bytes, 4)) return undefined;
      at += memberSize(bytes, 4);
      bytes.fill(0);
      if (readSync(descriptor, bytes, 0, PEEK, at - 4) < 4) return undefined;
      text += bytes.readUInt32LE(0);
    }
    return text;
  } catch {
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}
