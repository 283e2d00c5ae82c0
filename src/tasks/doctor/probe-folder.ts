/**
 * What a folder can do, measured with a few small files in a temporary folder inside it, which is removed
 * again.
 */
import { constants, existsSync } from 'node:fs';
import { mkdtemp, open, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isAlive } from '#platform/disk/durable.js';

export interface FolderTraits {
  /**
   * The folder that was measured: the one that was asked for or, where that is not there yet, the nearest
   * above it.
   */
  readonly measured: string;
  readonly exists: boolean;
  /** `A` and `a` are one file. */
  readonly foldsCase: boolean;
  /** A folder's names can be made durable. */
  readonly syncsFolders: boolean;
  /** A rename puts a file in the place of another. */
  readonly renamesOver: boolean;
  readonly links: boolean;
}

/** Throws the disk's error, also where something that is no folder stands in the way. */
export async function probeFolder(folder: string): Promise<FolderTraits> {
  const measured = await nearestFolder(folder);
  await removeLeftovers(measured);
  const place = await mkdtemp(path.join(measured, `${PLACE}${process.pid}-`));
  try {
    const [file, other] = [path.join(place, 'A'), path.join(place, 'B')];
    await writeSynced(file, 'one');
    const foldsCase = existsSync(path.join(place, 'a'));
    await writeSynced(other, 'two');
    await rename(other, file);
    const renamesOver = (await readFile(file, 'utf8')) === 'two' && !existsSync(other);
    const links = await succeeds(symlink('A', path.join(place, 'link')));
    return {
      measured,
      exists: measured === path.resolve(folder),
      foldsCase,
      syncsFolders: await succeeds(syncFolder(place)),
      renamesOver,
      links,
    };
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

const PLACE = '.barloom-doctor-';

/** Of a doctor that was killed. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = name.startsWith(PLACE) ? Number.parseInt(name.slice(PLACE.length), 10) : Number.NaN;
    if (pid > 0 && !isAlive(pid)) await rm(path.join(folder, name), { recursive: true, force: true });
  }
}

async function nearestFolder(folder: string): Promise<string> {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    try {
      if ((await stat(at)).isDirectory()) return at;
      throw Object.assign(new Error(`${at} is not a folder`), {
        code: 'ENOTDIR',
        syscall: 'mkdir',
        path: at,
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || path.dirname(at) === at) throw error;
    }
  }
}

async function writeSynced(file: string, text: string): Promise<void> {
  await writeFile(file, text);
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function succeeds(done: Promise<unknown>): Promise<boolean> {
  try {
    await done;
    return true;
  } catch {
    return false;
  }
}
