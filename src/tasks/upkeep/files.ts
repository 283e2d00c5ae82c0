/** The files of a folder as backup and move-archive see them: everything but locks and what a killed run left unfinished. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { isTemporary } from '#platform/disk/durable.js';
import { freeBytes } from '#platform/disk/space.js';
import { stampOf } from '#platform/disk/stamp.js';
import { isLockFile } from '#platform/lock/lock.js';
import { DiskSpaceError } from '#tasks/space-needed.js';

export interface FileFact {
  /** Its path below the folder, with slashes on every system. */
  readonly name: string;
  readonly file: string;
  readonly size: number;
  /** Whole ms since the epoch. */
  readonly mtimeMs: number;
  readonly mode: number;
}

/** Ascending by name; none where there is no such folder. Links are followed. Throws the disk's error. */
export async function filesBelow(folder: string): Promise<readonly FileFact[]> {
  let entries: Awaited<ReturnType<typeof readEntries>>;
  try {
    entries = await readEntries(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const facts: FileFact[] = [];
  for (const entry of entries) {
    if (entry.isDirectory() || isTemporary(entry.name) || isLockFile(entry.name)) continue;
    const file = path.join(entry.parentPath, entry.name);
    const fact = await fileFact(file, path.relative(folder, file).split(path.sep).join('/'));
    if (fact !== undefined) facts.push(fact);
  }
  return facts.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readEntries(folder: string) {
  return readdir(folder, { withFileTypes: true, recursive: true });
}

/** Undefined where it is no regular file, or not there. */
export async function fileFact(file: string, name: string): Promise<FileFact | undefined> {
  try {
    const found = await stat(file);
    if (!found.isFile()) return undefined;
    return {
      name,
      file,
      ...stampOf(found),
      mode: found.mode & 0o777,
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The local storage is at fault in a way that the system has no code for. Exit 6. */
export class LocalStorageError extends DiskSpaceError {
  constructor(message: string) {
    super(0, 0, '');
    this.name = 'LocalStorageError';
    this.message = message;
  }
}

/** Throws LocalStorageError where `needed` bytes do not fit the folder's file system. `what` begins the sentence. */
export async function checkRoom(what: string, needed: number, folder: string): Promise<void> {
  const free = await freeBytes(folder);
  if (free === undefined || free >= needed) return;
  const megabytes = (n: number): string => n.toLocaleString('en-US');
  throw new LocalStorageError(
    `${what} needs about ${megabytes(Math.ceil(needed / 1e6))} MB in ${folder}, and ${megabytes(Math.floor(free / 1e6))} MB are free: ` +
      'free some space there, or choose another drive',
  );
}
