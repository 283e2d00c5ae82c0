/** A day file that is fetched again, and what became of the one that was there. */
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { keepOriginal } from '#platform/disk/durable.js';
import { namesIn } from './files.js';

/** A day file before it is fetched again. */
export interface Before {
  /** Undefined where there was no file. */
  readonly inode: bigint | undefined;
  /** Its second name, where it was given one. */
  readonly original: string | undefined;
}

/**
 * `keep`: a copy that can be read and holds another text may be somebody's own, and stays under a second
 * name.
 */
export async function beforeFetch(file: string, keep: boolean, now: Date): Promise<Before> {
  const inode = await inodeOf(file);
  if (inode === undefined || !keep) return { inode, original: undefined };
  return { inode, original: path.join(path.dirname(file), await keepOriginal(file, now)) };
}

/**
 * What the vendor's answer came to; undefined where the file is the one that it was. A second name that is
 * needless is taken back.
 */
export async function afterFetch(file: string, { inode, original }: Before): Promise<string | undefined> {
  if ((await inodeOf(file)) === inode) {
    // One that was kept before, of the same bytes, is another file, and stays.
    if (original !== undefined && (await inodeOf(original)) === inode) await rm(original, { force: true });
    return undefined;
  }
  if (original !== undefined) return `fetched again; the other is ${path.basename(original)}`;
  const names = await namesIn(path.dirname(file));
  const aside = names.filter((name) => name.startsWith(`${path.basename(file)}.damaged-`)).at(-1);
  return aside === undefined ? 'fetched again' : `fetched again; the damaged one is ${aside}`;
}

export async function inodeOf(file: string): Promise<bigint | undefined> {
  try {
    return (await stat(file, { bigint: true })).ino;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
