/** Free space of the file system that a folder is, or is going to be, on. */
import { statfs } from 'node:fs/promises';
import path from 'node:path';

/** Bytes that an ordinary user can still write; undefined where the system does not say. */
export async function freeBytes(folder: string): Promise<number | undefined> {
  let existing = path.resolve(folder);
  for (;;) {
    try {
      const { bavail, bsize } = await statfs(existing);
      return bavail * bsize;
    } catch (error) {
      const parent = path.dirname(existing);
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === existing) return undefined;
      existing = parent;
    }
  }
}
