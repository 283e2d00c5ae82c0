/**
 * The way to a day file's bytes, or a table's of contents: only of a file, never of a folder or a pipe that
 * stands under its name, and only of one that can be a day's by its size, so that nothing that was put there
 * makes a reader wait for ever or takes all memory.
 */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import type { DayRules } from '#market/datasets/dataset.js';
import { about } from '#platform/disk/errors.js';
import { readFully } from '#platform/disk/read.js';
import { stampOf } from '#platform/disk/stamp.js';
import { ArchiveDamage } from './bgzf.js';

export interface OpenDayFile {
  readonly descriptor: number;
  readonly size: number;
  /** Whole ms since the epoch. */
  readonly mtimeMs: number;
}

/** Opening a pipe waits for a writer otherwise. Windows has no such flag, and no such pipes. */
const WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Hands the open file to `use`. Throws ArchiveDamage, the disk's error, or what `use` throws. */
export function withDayFile<T>(file: string, limits: DayRules, use: (open: OpenDayFile) => T): T {
  const descriptor = openSync(file, WITHOUT_WAITING);
  try {
    const found = fstatSync(descriptor);
    check(found, limits);
    return use({ descriptor, ...stampOf(found) });
  } catch (error) {
    throw about(error, file);
  } finally {
    closeSync(descriptor);
  }
}

export function readDayFile(file: string, limits: DayRules): Buffer {
  return withDayFile(file, limits, ({ descriptor, size }) => readAt(descriptor, 0, size));
}

export function readAt(descriptor: number, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  readInto(descriptor, offset, bytes);
  return bytes;
}

/** Fills the target. Throws ArchiveDamage where the file ends before. */
export function readInto(descriptor: number, offset: number, target: Uint8Array): void {
  const found = readFully(descriptor, target, offset);
  if (found < target.length)
    throw new ArchiveDamage(`it ends at byte ${offset + found}, and goes on to ${offset + target.length}`);
}

/** What is there from `offset` on, as much as the target takes; 0 at the end. */
export function readSome(descriptor: number, offset: number, target: Uint8Array): number {
  return readSync(descriptor, target, 0, target.length, offset);
}

/** Text that does not compress is a little larger in its blocks. */
const MOST_FILE_PER_TEXT = 1.125;

function check(found: Stats, { maxTextBytes }: DayRules): void {
  if (!found.isFile()) throw new ArchiveDamage(`it is ${found.isDirectory() ? 'a folder' : 'no file'}`);
  if (found.size > maxTextBytes * MOST_FILE_PER_TEXT) {
    throw new ArchiveDamage(
      `it has ${found.size} bytes, and the dataset's limit is ${maxTextBytes} bytes of text`,
    );
  }
}
