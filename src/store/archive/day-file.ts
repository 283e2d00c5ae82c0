/**
 * The way to a day file's bytes, or a table's of contents: only of a file, never of a folder or a pipe that
 * stands under its name, and only of one that can be a day's by its size, so that nothing that was put there
 * makes a reader wait for ever or takes all memory.
 */
import { closeSync, constants, fstatSync, openSync, type Stats } from 'node:fs';
import type { DayRules } from '#market/datasets/dataset.js';
import { about } from '#platform/disk/errors.js';
import { readFully } from '#platform/disk/read.js';
import { stampOf } from '#platform/disk/stamp.js';
import { ArchiveDamage } from './bgzf.js';

/** A file of the folder, or an object of a bucket. */
export interface OpenDayFile {
  readonly size: number;
  /** Whole ms since the epoch. */
  readonly mtimeMs: number;
  /** Fills the target with what stands from `offset` on; returns how much that was, less only at the end. */
  read(offset: number, target: Uint8Array): number;
}

/** Opening a pipe waits for a writer otherwise. Windows has no such flag, and no such pipes. */
const WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Hands the open file to `use`. Throws ArchiveDamage, the disk's error, or what `use` throws. */
export function withDayFile<T>(file: string, limits: DayRules, use: (open: OpenDayFile) => T): T {
  const descriptor = openSync(file, WITHOUT_WAITING);
  try {
    const found = fstatSync(descriptor);
    check(found, limits);
    return use({ ...stampOf(found), read: (offset, target) => readFully(descriptor, target, offset) });
  } catch (error) {
    throw about(error, file);
  } finally {
    closeSync(descriptor);
  }
}

export function readDayFile(file: string, limits: DayRules): Buffer {
  return withDayFile(file, limits, (open) => readAt(open, 0, open.size));
}

export function readAt(open: OpenDayFile, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  readInto(open, offset, bytes);
  return bytes;
}

/** Fills the target. Throws ArchiveDamage where the file ends before. */
export function readInto(open: OpenDayFile, offset: number, target: Uint8Array): void {
  const found = open.read(offset, target);
  if (found < target.length)
    throw new ArchiveDamage(`it ends at byte ${offset + found}, and goes on to ${offset + target.length}`);
}

/** Text that does not compress is a little larger in its blocks. */
const MOST_FILE_PER_TEXT = 1.125;

function check(found: Stats, limits: DayRules): void {
  if (!found.isFile()) throw new ArchiveDamage(`it is ${found.isDirectory() ? 'a folder' : 'no file'}`);
  checkSize(found.size, limits);
}

/** Of a day's file in bytes. Throws ArchiveDamage where no day's can have it. */
export function checkSize(size: number, { maxTextBytes }: DayRules): void {
  if (size > maxTextBytes * MOST_FILE_PER_TEXT)
    throw new ArchiveDamage(`it has ${size} bytes, and the dataset's limit is ${maxTextBytes} bytes of text`);
}
