/**
 * What tells without reading it that a file is the one that was read: size, modification time to the
 * nanosecond, and inode, as one text.
 */
import { lstatSync } from 'node:fs';

/**
 * Undefined where there is no such file, or a folder above it is gone. A link is itself, not what it leads
 * to. Throws the disk's error.
 */
export function fileIdentity(file: string): string | undefined {
  let found: { readonly size: bigint; readonly mtimeNs: bigint; readonly ino: bigint } | undefined;
  try {
    found = lstatSync(file, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
  return found === undefined ? undefined : `${found.size} ${found.mtimeNs} ${found.ino}`;
}

/** Bytes, of a file's identity. */
export function sizeIn(identity: string): number {
  return Number(identity.slice(0, identity.indexOf(' ')));
}
