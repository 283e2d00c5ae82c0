/**
 * Durable writing: a file under its final name is always complete. Write under a temporary name in the same
 * folder, fsync, rename, fsync the folder. A file system that refuses to fsync a folder (some network ones,
 * Windows) is taken at its word.
 */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, fstatSync, fsyncSync, openSync, rmSync, statSync } from 'node:fs';
import { link, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pLimit from 'p-limit';
import { about } from './errors.js';
import { makeMissingFolders } from './folder.js';
import { FILE_MODE } from './modes.js';
import { readBytes } from './read.js';
import { type FileStamp, stampOf } from './stamp.js';
import { isTemporary, temporaryName, writerOf } from './temporary-name.js';
import { writeFully } from './write.js';

export type { FileStamp } from './stamp.js';
export { isTemporary, temporaryName } from './temporary-name.js';

/** Writes a new file and makes its content durable; removes it where that fails. For temporary names. */
export function writeTemporarySync(file: string, content: Uint8Array): FileStamp {
  return writeSyncWith(file, content, true);
}

/** The same without making it durable: that is `makeDurable`'s, for many files at once. */
export function writeUnsyncedSync(file: string, content: Uint8Array): FileStamp {
  return writeSyncWith(file, content, false);
}

function writeSyncWith(file: string, content: Uint8Array, durably: boolean): FileStamp {
  const descriptor = openSync(file, 'w', FILE_MODE);
  let isWhole = false;
  try {
    writeFully(descriptor, content);
    if (durably) fsyncSync(descriptor);
    const stamp = stampOf(fstatSync(descriptor));
    isWhole = true;
    return stamp;
  } catch (error) {
    throw about(error, file);
  } finally {
    closeSync(descriptor);
    if (!isWhole) rmSync(file, { force: true });
  }
}

/** Makes the folder and those above it where they are missing, each durable under its name. */
export async function makeFolder(folder: string): Promise<void> {
  for (const made of makeMissingFolders(folder)) await syncFolder(path.dirname(made));
}

/** Replaces one file durably, making its folder where it is missing. */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  await replaceFiles([{ file, content }]);
}

export interface Replacement {
  readonly file: string;
  /** Or what makes it, a part at a time. */
  readonly content: string | Uint8Array | (() => AsyncIterable<Uint8Array>);
}

/**
 * Replaces many files with one barrier for the batch: all are written, made durable together, then renamed,
 * and the folders are synced. Until the renames nothing has changed; a failure before them leaves every file
 * as it was. No temporary file stays. `checkLock`: the last word before the renames, for who may have lost
 * the right to write meanwhile; what it throws is a failure. Asked before a folder is made too: one that was
 * moved away is not begun anew in its old place.
 */
export async function replaceFiles(
  replacements: readonly Replacement[],
  checkLock?: () => Promise<void>,
): Promise<void> {
  const folders = new Set(replacements.map(({ file }) => path.dirname(file)));
  for (const folder of folders) {
    if (!existsSync(folder)) await checkLock?.();
    await makeFolder(folder);
  }
  const limit = pLimit(8);
  const written: string[] = [];
  try {
    await settled(
      replacements.map(({ file, content }) =>
        limit(async () => {
          const temporary = temporaryName(file);
          written.push(temporary);
          const data = typeof content === 'function' ? content() : content;
          await writeFile(temporary, data, { mode: FILE_MODE }).catch((error: unknown) => {
            throw about(error, file);
          });
        }),
      ),
    );
    await makeDurable(written);
    await checkLock?.();
    await settled(replacements.map(({ file }) => limit(() => rename(temporaryName(file), file))));
  } catch (error) {
    await Promise.allSettled(written.map((file) => rm(file, { force: true })));
    throw error;
  }
  for (const folder of folders) await syncFolder(folder);
}

/**
 * Waits for all of them, also where one fails, and then throws the first failure: nothing goes on behind the
 * caller's back.
 */
async function settled(promises: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(promises);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

/** From so many files on, one sync of the whole file system is cheaper than one fsync a file. */
const BATCH = 200;

/** Makes the files' contents durable; their names are `syncFolder`'s. */
export async function makeDurable(files: readonly string[]): Promise<void> {
  const folders = new Set(files.map((file) => path.dirname(file)));
  if (files.length >= BATCH && process.platform === 'linux' && (await syncFileSystems([...folders]))) return;
  const limit = pLimit(8);
  await settled(files.map((file) => limit(() => fsyncPath(file, 'r+'))));
}

/**
 * syncfs(2) through coreutils' `sync -f`, since Node has no call for it. False where it is not to be had.
 * Throws where it says that something could not be written: the system reports that once, and an fsync of the
 * same files would find nothing wrong any more.
 */
export function syncFileSystems(folders: readonly string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn('sync', ['-f', ...folders], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.on('error', () => resolve(false));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(true);
      else if (signal !== null || /option|usage/i.test(said)) resolve(false);
      else reject(syncFailure(folders[0], said));
    });
  });
}

function syncFailure(folder: string | undefined, said: string): Error {
  const code = /no space/i.test(said) ? 'ENOSPC' : 'EIO';
  return Object.assign(new Error(`${code}: ${said.trim()}`), { code, syscall: 'fsync', path: folder });
}

async function fsyncPath(file: string, flags: string): Promise<void> {
  const handle = await open(file, flags);
  try {
    await handle.sync();
  } catch (error) {
    throw about(error, file);
  } finally {
    await handle.close();
  }
}

/** Makes renames in the folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    await fsyncPath(folder, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EINVAL' && code !== 'ENOTSUP' && code !== 'EISDIR' && code !== 'EPERM' && code !== 'EACCES')
      throw error;
  }
}

/**
 * Removes what a killed run left unfinished in the folder. Only under the lock: another writer's file looks
 * the same.
 */
export async function removeTemporaries(folder: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch {
    return;
  }
  for (const name of names) {
    if (isTemporary(name)) await rm(path.join(folder, name), { force: true, recursive: true });
  }
}

/**
 * Moves a file that cannot be read aside, under a name that says why and when; returns that name. What was
 * moved aside before, in the same second too, stays. Only under the lock.
 */
export async function moveAside(file: string, why: string, now: Date): Promise<string> {
  const aside = secondName(file, why, now, existsSync);
  await rename(file, aside);
  await syncFolder(path.dirname(file));
  return aside;
}

/**
 * Keeps the file as it is under a second name too, durably, before it is replaced; returns that name. Done
 * again after a run that was cut off in between, however much later, it is the same one: what is kept
 * already, to the byte, is not kept twice.
 */
export async function keepAs(file: string, why: string, now: Date): Promise<string> {
  const kept = (await keptBefore(file, why)) ?? secondName(file, why, now, existsSync);
  if (!existsSync(kept)) {
    try {
      await link(file, kept);
    } catch {
      await replaceFiles([{ file: kept, content: await readBytes(file) }]);
    }
  }
  await syncFolder(path.dirname(file));
  return kept;
}

/** The largest file that is copied where it cannot have a second name, bytes. */
const MOST_COPIED = 128 << 20;

/**
 * `moveAside` for a file that another is about to take the place of: it keeps its own name until then, so
 * that whoever is cut off in between leaves the damage to be found again. What can have no second name (a
 * folder, a pipe, what is too large to be copied) is moved.
 */
export async function setAside(file: string, why: string, now: Date): Promise<string> {
  const found = statSync(file);
  return found.isFile() && found.size <= MOST_COPIED ? keepAs(file, why, now) : moveAside(file, why, now);
}

async function keptBefore(file: string, why: string): Promise<string | undefined> {
  const folder = path.dirname(file);
  const kept = (await readdir(folder))
    .filter((name) => name.startsWith(`${path.basename(file)}.${why}-`) && !isTemporary(name))
    .map((name) => path.join(folder, name));
  for (const name of kept) if (await isSame(file, name)) return name;
  return undefined;
}

/** One file under two names, or, where the file system has no such thing, the same bytes. */
async function isSame(one: string, other: string): Promise<boolean> {
  const [a, b] = [statSync(one, { bigint: true }), statSync(other, { bigint: true })];
  if (!b.isFile() || a.size !== b.size) return false;
  if (a.dev === b.dev && a.ino === b.ino) return true;
  return Buffer.compare(await readBytes(one), await readBytes(other)) === 0;
}

function secondName(file: string, why: string, now: Date, isTaken: (name: string) => boolean): string {
  const first = `${file}.${why}-${now.toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`;
  let name = first;
  for (let n = 2; isTaken(name); n++) name = `${first}-${n}`;
  return name;
}

/** `keepAs` for what holds more than what takes its place. Returns the name without the folder. */
export async function keepOriginal(file: string, now: Date): Promise<string> {
  return path.basename(await keepAs(file, 'original', now));
}

/** Removes what runs that are not alive any more left of the file, unfinished. */
export async function removeLeftoversOf(file: string): Promise<void> {
  const folder = path.dirname(file);
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${path.basename(file)}.`)) continue;
    const pid = writerOf(name.slice(path.basename(file).length));
    if (pid !== undefined && !isAlive(pid)) await rm(path.join(folder, name), { force: true });
  }
}

/** Whether a process of this machine has that number. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
