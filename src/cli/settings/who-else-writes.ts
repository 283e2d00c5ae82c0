/**
 * Whether somebody else can write a file, or put another one in its place: then it is not asked which command
 * to run, nor where keys go.
 */
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';

const BY_GROUP = 0o020;
const BY_ALL = 0o002;
/** In such a folder nobody replaces what is another's. */
const STICKY = 0o1000;

/** Why it is not to be trusted, with what to do; undefined where it is, and on Windows. Throws the disk's error. */
export async function whoElseWrites(file: string): Promise<string | undefined> {
  const uid = process.getuid?.();
  if (uid === undefined) return undefined;
  const me = { uid, gid: process.getgid?.() ?? -1 };
  const folder = path.dirname(file);
  return othersIn(file, await stat(file), me) ?? othersIn(folder, await stat(folder), me);
}

/** Pure. A group that is the user's own, as most systems make one, is nobody else. */
export function othersIn(
  name: string,
  { uid, gid, mode }: Pick<Stats, 'uid' | 'gid' | 'mode'>,
  me: { readonly uid: number; readonly gid: number },
): string | undefined {
  if ((mode & STICKY) !== 0) return undefined;
  if ((mode & BY_ALL) !== 0) return `everybody may write ${name} (chmod o-w)`;
  if ((mode & BY_GROUP) !== 0 && gid !== me.gid && gid !== 0) return `a group may write ${name} (chmod g-w)`;
  return uid === me.uid || uid === 0 ? undefined : `${name} is another user's`;
}
