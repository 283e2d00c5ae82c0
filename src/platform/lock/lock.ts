/**
 * One writer a folder. The lock file appears with its content in it, and only where there is none; it says
 * host, pid, the process's start time and the boot. A dead holder's lock of this host is taken over, another
 * host's never without an order to. Whoever holds it looks before each write whether it is still theirs.
 */
import { link, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { isAlive, isTemporary, makeFolder, temporaryName } from '#platform/disk/durable.js';
import { about } from '#platform/disk/errors.js';
import { FILE_MODE } from '#platform/disk/modes.js';
import { sha256 } from '#platform/disk/sha256.js';
import { writerOf } from '#platform/disk/temporary-name.js';
import {
  here,
  type LockHolder,
  livenessOf,
  type Place,
  parseHolder,
  readText,
  startOf,
} from './lock-holder.js';
import { type LockWait, waitingForLock } from './lock-wait.js';
import { LockedError, type LockedFolder, lockedError, lostLock } from './locked-error.js';

const LOCK_FILE = '.barloom.lock';

/** Whether it is the name of a lock, or of what taking one over needs. */
export function isLockFile(name: string): boolean {
  return name === LOCK_FILE || name.startsWith(`${LOCK_FILE}.`);
}

export interface Lock {
  /** Whether a dead holder's lock was taken over: what it left unfinished is to be removed. */
  readonly tookOver: boolean;
  /**
   * Throws LockedError where the lock is somebody else's by now, or gone: then nothing may be written any
   * more.
   */
  check(): Promise<void>;
  /** Removes it, if it is still this one. */
  release(): Promise<void>;
}

export interface LockOptions {
  readonly folder: string;
  /** Default: data. */
  readonly what?: LockedFolder;
  readonly command: string;
  readonly now: Date;
  /** Take the lock also where its holder may be alive; one that certainly is keeps it. */
  readonly force?: boolean;
  /** Wait for whoever holds it. Undefined: throw at once. */
  readonly wait?: LockWait | undefined;
}

/**
 * Throws LockedError (once the waiting is over), the reason of who ends the waiting, or the disk's error where
 * the folder cannot be written.
 */
export async function acquireLock(options: LockOptions): Promise<Lock> {
  const { folder, what = 'data', force = false } = options;
  await makeFolder(folder);
  const file = path.join(folder, LOCK_FILE);
  const place = await here();
  const mine: LockHolder = {
    ...place,
    pid: process.pid,
    started: (await startOf(process.pid)) ?? '',
    command: options.command,
    since: options.now.toISOString(),
  };
  const text = `${JSON.stringify(mine)}\n`;
  const tookOver = await waitingForLock(options.wait, () => take({ file, text, place, what, force }));
  const release = async (): Promise<void> => {
    if ((await readText(file)) === text) await rm(file, { force: true });
  };
  try {
    await removeDeadOnes(folder, place);
  } catch (error) {
    await release().catch(() => undefined);
    throw error;
  }
  return {
    tookOver,
    check: async () => {
      const current = await readText(file);
      if (current !== text) throw lostLock(file, current);
    },
    release,
  };
}

export interface HeldLock {
  readonly holder: LockHolder;
  /** Whether the holder is of this host, and so known to be alive; another host's may be dead. */
  readonly here: boolean;
  /** For who would write. */
  readonly refusal: LockedError;
}

/**
 * Who holds the lock, for readers, who take none. Undefined where nobody does: no lock, a dead process's, or
 * one that cannot be read.
 */
export async function lockHolder(dataDir: string): Promise<HeldLock | undefined> {
  const file = path.join(dataDir, LOCK_FILE);
  const holder = parseHolder((await readText(file).catch(() => undefined)) ?? '');
  if (holder === undefined) return undefined;
  const place = await here();
  const liveness = await livenessOf(holder, place);
  if (liveness === 'dead') return undefined;
  const refusal = lockedError(file, holder, liveness, { what: 'data', force: false, host: place.host });
  return { holder, here: liveness !== 'elsewhere', refusal };
}

interface Taking {
  readonly file: string;
  readonly text: string;
  readonly place: Place;
  readonly what: LockedFolder;
  readonly force: boolean;
}

const TRIES = 40;
const PAUSE_MS = 50;

/**
 * Makes the lock file, or replaces a dead holder's. Of several that try at once one wins: who holds the
 * guard, a lock of its own, named after the text that it may replace. Whoever died while holding a guard is
 * in nobody's way: it is taken in the same manner. Returns whether it was a dead holder's.
 */
async function take(taking: Taking): Promise<boolean> {
  const { file, text, place, force } = taking;
  let refusal: LockedError | undefined;
  for (let tries = 0; tries < TRIES; tries++) {
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    const current = await readText(file);
    if (current === undefined) {
      if (await createExclusively(file, text)) return false;
      continue;
    }
    const holder = parseHolder(current);
    const liveness = holder === undefined ? undefined : await livenessOf(holder, place);
    refusal = lockedError(file, holder, liveness, { ...taking, host: place.host });
    const old = holder === undefined && (await isOld(file));
    const takeable = liveness === 'dead' || old || (force && liveness !== 'alive');
    if (!takeable) {
      if (holder !== undefined) throw refusal;
      // Killed between making the file and writing it, or just about to write.
      continue;
    }
    const guard = `${file}.${sha256(current).slice(0, 16)}`;
    try {
      // A guard is held for milliseconds: an old one is broken by who breaks the lock, whoever made it.
      await take({ ...taking, file: guard, force: force && (await isOld(guard)) });
    } catch (error) {
      if (!(error instanceof LockedError)) throw error;
      refusal = error;
      continue;
    }
    try {
      if ((await readText(file)) === current && (await replace(file, text))) return true;
    } finally {
      if ((await readText(guard)) === text) await rm(guard, { force: true });
    }
  }
  throw refusal ?? lockedError(file, undefined, undefined, { ...taking, host: place.host });
}

/** A name that no other process makes: two containers can have one pid. */
function candidateName(file: string): string {
  return temporaryName(`${file}.${Math.random().toString(36).slice(2)}`);
}

/** The file appears whole or not at all: nobody ever sees one that its maker is about to write. */
async function createExclusively(file: string, text: string): Promise<boolean> {
  const candidate = candidateName(file);
  try {
    await writeNew(candidate, text);
    await link(candidate, file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // ENOENT: whoever holds the lock by now has cleared the candidate away.
    if (code === 'EEXIST' || code === 'ENOENT') return false;
    if (code !== undefined && NO_LINKS.includes(code)) return createAndWrite(file, text);
    throw error;
  } finally {
    await rm(candidate, { force: true });
  }
}

/** What file systems without second names answer. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL', 'EISDIR'];

async function createAndWrite(file: string, text: string): Promise<boolean> {
  try {
    await writeNew(file, text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  // Somebody who took the empty file for a dead one's may have replaced it.
  return (await readText(file)) === text;
}

/** Removes what it has made where it cannot be written. */
async function writeNew(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', FILE_MODE);
  try {
    await handle.writeFile(text);
  } catch (error) {
    await rm(file, { force: true });
    throw about(error, file);
  } finally {
    await handle.close();
  }
}

async function replace(file: string, text: string): Promise<boolean> {
  const candidate = candidateName(file);
  try {
    await writeNew(candidate, text);
    await rename(candidate, file);
    return true;
  } catch (error) {
    await rm(candidate, { force: true });
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/**
 * Guards that a killed run left behind, and files that it was about to make locks of; whoever holds one for
 * long is not there any more either. The lock that they were for is ours. A candidate that is taken away from
 * somebody alive is made again by him.
 */
async function removeDeadOnes(folder: string, place: Place): Promise<void> {
  for (const name of await readdir(folder)) {
    const guard = path.join(folder, name);
    if (isTemporary(name) && isLockFile(name)) {
      const pid = writerOf(/\.\d+\.[^.]+$/.exec(name)?.[0] ?? '');
      if ((pid !== undefined && !isAlive(pid)) || (await isOld(guard))) await rm(guard, { force: true });
      continue;
    }
    // A guard that a dead one held has a guard of its own.
    if (!/^\.barloom\.lock(?:\.[0-9a-f]{16})+$/.test(name)) continue;
    const holder = parseHolder((await readText(guard)) ?? '');
    const isDead = holder !== undefined && (await livenessOf(holder, place)) === 'dead';
    if (isDead || (await isOld(guard))) await rm(guard, { force: true });
  }
}

/** By the wall clock: one from the future was made before the clock was set back. */
async function isOld(file: string): Promise<boolean> {
  try {
    return Math.abs(Date.now() - (await stat(file)).mtimeMs) > 10_000;
  } catch {
    return true;
  }
}
