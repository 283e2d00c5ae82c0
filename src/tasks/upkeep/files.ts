/** What backup and move-archive know of a file, and of the room for it. */
import { stat } from 'node:fs/promises';
import { freeBytes } from '#platform/disk/space.js';
import { stampOf } from '#platform/disk/stamp.js';
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

/**
 * Throws LocalStorageError where `needed` bytes do not fit the folder's file system. `what` begins the
 * sentence.
 */
export async function checkRoom(what: string, needed: number, folder: string): Promise<void> {
  const free = await freeBytes(folder);
  if (free === undefined || free >= needed) return;
  const megabytes = (n: number): string => n.toLocaleString('en-US');
  throw new LocalStorageError(
    `${what} needs about ${megabytes(Math.ceil(needed / 1e6))} MB in ${folder}, and ${megabytes(Math.floor(free / 1e6))} MB are free: ` +
      'free some space there, or choose another drive',
  );
}
