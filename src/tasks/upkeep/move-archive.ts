/**
 * move-archive: the archive goes to another folder or drive, and barloom.json says where. Until barloom.json
 * is switched the old archive is whole and in use, afterwards the new one is; so a kill at any instant costs
 * nothing, and the same command again goes on where it was. A marker in the new folder says that it is ours
 * until all is done.
 */
import { createHash } from 'node:crypto';
import { constants, createReadStream, existsSync } from 'node:fs';
import { access, link, lstat, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  isTemporary,
  makeFolder,
  removeTemporaries,
  replaceFile,
  syncFolder,
  temporaryName,
} from '#platform/disk/durable.js';
import { readTextIfThere } from '#platform/disk/read-whole.js';
import { isWithin, realPathOf } from '#platform/disk/real-path.js';
import { stampOf } from '#platform/disk/stamp.js';
import { acquireLock, isLockFile, type Lock } from '#platform/lock/lock.js';
import type { LockWait } from '#platform/lock/lock-wait.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { checkRoom, type FileFact, LocalStorageError } from './files.js';
import { archiveFiles, archiveFolders } from './own-files.js';

/** Of the settings and the marker. */
const MOST_BYTES = 1 << 20;

/** In the new folder while a move is not done. */
export const MOVE_MARKER = '.barloom-move.json';
const SETTINGS_FILE = 'barloom.json';

/** The archive cannot go there; the sentence says why and what to do. Exit 2. */
export class MoveRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MoveRefused';
  }
}

export interface MoveRequest {
  readonly layout: FolderLayout;
  /** Absolute. */
  readonly target: string;
  readonly now: Date;
  readonly breakLock: boolean;
  /** Wait for who holds it. */
  readonly waitLock?: LockWait | undefined;
  /** Gives the lock of the archive's folder back, so that the folder can go. */
  readonly releaseArchive: () => Promise<void>;
  readonly signal: AbortSignal;
  /** Told of the bytes that are there so far, and of all. */
  readonly progress?: (bytes: number, all: number) => void;
}

export interface Moved {
  readonly from: string;
  readonly to: string;
  /** Of the whole archive. */
  readonly files: number;
  readonly bytes: number;
  /**
   * Files by how they came: a second name on the same file system, a copy, or there already from a run that
   * was stopped.
   */
  readonly linked: number;
  readonly copied: number;
  readonly already: number;
  /** Files that were not removed from the old folder, because the new one has none of their names. */
  readonly left: number;
  /** Whether something that is not barloom's stayed there too. */
  readonly othersStay: boolean;
  /**
   * Whether the new file system keeps times to the millisecond; otherwise the next populate learns the files
   * anew.
   */
  readonly timesKept: boolean;
  /** Stopped by the signal: nothing is switched yet. */
  readonly stopped: boolean;
}

/**
 * Under the locks of the data folder and its archive; takes the new folder's itself. Throws MoveRefused,
 * LockedError, LocalStorageError, or the disk's error.
 */
export async function moveArchive(request: MoveRequest): Promise<Moved> {
  const { layout, target } = request;
  const begun = await readMarker(target);
  const from = layout.archiveDir;
  const settings = await readTextIfThere(path.join(layout.dataDir, SETTINGS_FILE), MOST_BYTES);
  if (begun !== undefined && archiveDirOf(settings, layout.dataDir) === target) {
    const files = await archiveFiles(target);
    const bytes = total(files);
    const left = await clearOld(begun, files, target, await lockOld(begun, request));
    const othersStay = left === 0 && (await holdsSomething(begun));
    const none = { linked: 0, copied: 0, timesKept: true, stopped: false };
    return {
      from: begun,
      to: target,
      files: files.length,
      bytes,
      ...none,
      already: files.length,
      left,
      othersStay,
    };
  }
  await checkTarget(layout, target, begun);
  if ((await readMarker(from)) !== undefined)
    throw new MoveRefused(`A move to ${from} is not done yet: run barloom move-archive ${from} first.`);
  const files = await archiveFiles(from);
  if (files.length === 0)
    throw new MoveRefused(`There is no archive in ${from} to move. Say with --archive-dir where it is.`);
  // Once barloom.json is switched the old files have to go: a move from a read-only drive would never be done.
  for (const folder of new Set(files.map(({ file }) => path.dirname(file))))
    await access(folder, constants.W_OK);
  await makeFolder(target);
  await syncFolder(path.dirname(target));
  const lock = await lockArchive(target, request);
  try {
    // Another data folder's archive may have come there a moment ago.
    await checkTarget(layout, target, await readMarker(target));
    return await moveFiles(files, settings, request);
  } finally {
    await lock.release();
  }
}

function lockArchive(folder: string, { now, breakLock, waitLock }: MoveRequest): Promise<Lock> {
  const how = { force: breakLock, wait: waitLock };
  return acquireLock({ folder, what: 'archive', command: 'move-archive', now, ...how });
}

/**
 * What a move that was killed left in the old folder is cleared under that folder's lock. Returns what gives
 * it back.
 */
async function lockOld(folder: string, request: MoveRequest): Promise<() => Promise<void>> {
  if (!existsSync(folder)) return async () => undefined;
  const lock = await lockArchive(folder, request);
  return lock.release;
}

async function moveFiles(
  files: readonly FileFact[],
  settings: string | undefined,
  request: MoveRequest,
): Promise<Moved> {
  const { layout, target } = request;
  const from = layout.archiveDir;
  await replaceFile(path.join(target, MOVE_MARKER), `${JSON.stringify({ from })}\n`);
  const brought = await bring(files, request);
  const result = { from, to: target, files: files.length, bytes: total(files), ...brought };
  if (brought.stopped) return { ...result, left: files.length, othersStay: false };
  await replaceFile(path.join(layout.dataDir, SETTINGS_FILE), withArchiveDir(settings, target));
  const left = await clearOld(from, await archiveFiles(target), target, request.releaseArchive);
  return { ...result, left, othersStay: left === 0 && (await holdsSomething(from)) };
}

async function checkTarget(
  { dataDir, archiveDir }: FolderLayout,
  target: string,
  begun: string | undefined,
): Promise<void> {
  const [there, old, data] = [realPathOf(target), realPathOf(archiveDir), realPathOf(dataDir)];
  if (there === old) throw new MoveRefused(`The archive is in ${target} already.`);
  if (isWithin(there, old))
    throw new MoveRefused(`${target} lies in the archive itself: choose a folder outside of it.`);
  if (there === data || isWithin(there, path.join(data, 'data_cache')))
    throw new MoveRefused(`${target} holds other data of this data folder: choose a folder of its own.`);
  if (begun === archiveDir) return;
  if (begun !== undefined)
    throw new MoveRefused(
      `${target} holds a half-done move of ${begun}: finish that one, or choose another folder.`,
    );
  const parent = await stat(path.dirname(target)).catch(() => undefined);
  if (parent?.isDirectory() !== true)
    throw new MoveRefused(
      `There is no folder ${path.dirname(target)}: make it first, if the drive is really there.`,
    );
  const found = await stat(target).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isDirectory()) throw new MoveRefused(`${target} is a file: give a folder.`);
  if ((await readdir(target)).some((name) => !isTemporary(name) && !isLockFile(name)))
    throw new MoveRefused(
      `${target} is not empty: give a new folder, such as ${path.join(target, 'massive_cache')}.`,
    );
}

/** The folder that the half-done move in `target` comes from. */
async function readMarker(target: string): Promise<string | undefined> {
  const text = await readTextIfThere(path.join(target, MOVE_MARKER), MOST_BYTES);
  if (text === undefined) return undefined;
  try {
    const { from } = Object(JSON.parse(text)) as { readonly from?: unknown };
    return typeof from === 'string' ? from : undefined;
  } catch {
    return undefined;
  }
}

function archiveDirOf(settings: string | undefined, dataDir: string): string | undefined {
  if (settings === undefined) return undefined;
  const { archiveDir } = parseSettings(settings);
  return typeof archiveDir === 'string' ? path.resolve(dataDir, archiveDir) : undefined;
}

function parseSettings(text: string): Record<string, unknown> {
  return JSON.parse(text.replace(/^\uFEFF/, '')) as Record<string, unknown>;
}

/** barloom.json with the archive's folder in it: the other settings, their order and the indentation stay. */
export function withArchiveDir(text: string | undefined, archiveDir: string): string {
  if (text === undefined) return `${JSON.stringify({ archiveDir }, null, 2)}\n`;
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
  return `${JSON.stringify({ ...parseSettings(text), archiveDir }, null, indent)}\n`;
}

type Brought = Pick<Moved, 'linked' | 'copied' | 'already' | 'timesKept' | 'stopped'>;

/** Makes the new folder hold exactly the files, durably. */
async function bring(
  files: readonly FileFact[],
  { layout, target, signal, progress }: MoveRequest,
): Promise<Brought> {
  const folders = await makeFolders(files, target);
  const there = new Map((await archiveFiles(target)).map((fact) => [fact.name, fact]));
  const wanted = new Set(files.map(({ name }) => name));
  for (const { name, file } of there.values()) if (!wanted.has(name)) await rm(file);
  const all = total(files);
  let linking = (await stat(layout.archiveDir)).dev === (await stat(target)).dev;
  const lacking = files.filter((fact) => !sameStamp(fact, there.get(fact.name)));
  const checkCopies = () => checkRoom('the copy', total(lacking), target);
  if (!linking) await checkCopies();
  const brought = { linked: 0, copied: 0, already: 0, timesKept: true, stopped: false };
  let bytes = 0;
  for (const fact of files) {
    if (signal.aborted) return { ...brought, stopped: true };
    const file = path.join(target, fact.name);
    const old = there.get(fact.name);
    if (old !== undefined && (await isSame(fact, old))) brought.already++;
    else {
      if (old !== undefined) await rm(file);
      if (linking && !(await linked(fact.file, file))) {
        linking = false;
        await checkCopies();
      }
      if (linking) brought.linked++;
      else {
        const copy = await copied(fact, file, signal);
        if (copy === 'stopped') return { ...brought, stopped: true };
        brought.timesKept &&= copy.timeKept;
        brought.copied++;
      }
    }
    bytes += fact.size;
    progress?.(bytes, all);
  }
  for (const folder of folders) await syncFolder(folder);
  return { ...brought, stopped: signal.aborted };
}

/** Those that the files lie in, the new root included. */
async function makeFolders(files: readonly FileFact[], target: string): Promise<readonly string[]> {
  const folders = new Set([target]);
  for (const { name } of files) {
    for (
      let folder = path.dirname(path.join(target, name));
      !folders.has(folder);
      folder = path.dirname(folder)
    )
      folders.add(folder);
  }
  for (const folder of folders) {
    await makeFolder(folder);
    await removeTemporaries(folder);
  }
  return [...folders];
}

function sameStamp(a: FileFact, b: FileFact | undefined): boolean {
  return a.size === b?.size && a.mtimeMs === b.mtimeMs;
}

async function isSame(a: FileFact, b: FileFact): Promise<boolean> {
  const [one, other] = [await stat(a.file), await stat(b.file)];
  if (one.dev === other.dev && one.ino === other.ino) return true;
  return sameStamp(a, b) && (await hashOf(a.file)) === (await hashOf(b.file));
}

/** False where the file system, or the kind of file, knows no second names. */
async function linked(from: string, to: string): Promise<boolean> {
  if (!(await lstat(from)).isFile()) return false;
  try {
    await link(from, to);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (
      code !== undefined &&
      ['EXDEV', 'EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'].includes(code)
    )
      return false;
    throw error;
  }
}

/**
 * Copies, reads the copy again, and gives it its name. `timeKept`: whether it has the same time, to the
 * millisecond.
 */
async function copied(
  { file: from, size, mtimeMs, mode }: FileFact,
  to: string,
  signal: AbortSignal,
): Promise<{ readonly timeKept: boolean } | 'stopped'> {
  const temporary = temporaryName(to);
  let whole = false;
  try {
    const written = await writeCopy(from, temporary, { mtimeMs, mode }, signal);
    if (written === 'stopped') return written;
    const copy = await stat(temporary);
    if (copy.size !== size || written.sha256 !== (await hashOf(temporary)))
      throw new LocalStorageError(
        `${to} does not read as it was written, or ${from} was changed meanwhile: run the same command again; if it ` +
          'happens again, do not trust that drive',
      );
    await rename(temporary, to);
    whole = true;
    return { timeKept: stampOf(copy).mtimeMs === mtimeMs };
  } finally {
    if (!whole) await rm(temporary, { force: true });
  }
}

async function writeCopy(
  from: string,
  to: string,
  { mtimeMs, mode }: Pick<FileFact, 'mtimeMs' | 'mode'>,
  signal: AbortSignal,
): Promise<{ readonly sha256: string } | 'stopped'> {
  const hash = createHash('sha256');
  const handle = await open(to, 'w', mode);
  try {
    for await (const bytes of createReadStream(from, { highWaterMark: 1 << 20 })) {
      if (signal.aborted) return 'stopped';
      hash.update(bytes as Buffer);
      await handle.appendFile(bytes as Buffer);
    }
    // Half a millisecond more: what is lost on the way through a binary float must not change the whole ones.
    await handle.utimes((mtimeMs + 0.5) / 1000, (mtimeMs + 0.5) / 1000);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { sha256: hash.digest('hex') };
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(bytes as Buffer);
  return hash.digest('hex');
}

/**
 * Removes what the new folder has too, gives the old one's lock back, removes that folder where it is empty,
 * then the marker. Returns how many files had to stay.
 */
async function clearOld(
  from: string,
  files: readonly FileFact[],
  target: string,
  release: () => Promise<void>,
): Promise<number> {
  const there = new Set(files.map(({ name }) => name));
  let left = 0;
  for (const { name, file } of await archiveFiles(from)) {
    if (there.has(name)) await rm(file, { force: true });
    else left++;
  }
  await release();
  await removeEmpty(from);
  // Before the marker goes: nothing else would ever remove what a power cut brings back.
  await syncFolder(path.dirname(from));
  await rm(path.join(target, MOVE_MARKER), { force: true });
  await syncFolder(target);
  return left;
}

/**
 * The archive's folder and those of datasets in it, as far as they hold nothing. Of a link only the link
 * goes, and what it led to stays.
 */
async function removeEmpty(archiveDir: string): Promise<void> {
  const folders = await archiveFolders(archiveDir);
  const markets = folders.filter((name) => name.includes('/')).map((name) => path.posix.dirname(name));
  for (const name of [...new Set([...folders, ...markets])].sort().reverse()) {
    const folder = path.join(archiveDir, name);
    for (const one of [path.join(folder, '.toc'), folder]) {
      await removeTemporaries(one);
      const found = await lstat(one).catch(() => undefined);
      const isLooseLink =
        found?.isSymbolicLink() === true && one !== archiveDir && (await readdir(one)).length === 0;
      // Not empty, or the root of a drive: then it stays.
      await (isLooseLink ? rm(one) : rmdir(one)).catch(() => undefined);
    }
  }
  if (existsSync(archiveDir)) await syncFolder(archiveDir);
}

async function holdsSomething(folder: string): Promise<boolean> {
  return (await readdir(folder).catch(() => [])).length > 0;
}

function total(files: readonly FileFact[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
