/**
 * One writer a data folder. The lock file is made with O_EXCL and tells host, pid, the process's start time and the boot; a dead
 * holder's lock of this host is taken over, another host's never without being told to.
 */
import { execFile } from 'node:child_process';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { makeFolder, temporaryName, writeUnsyncedSync } from '../disk/durable.js';
import { about } from '../disk/errors.js';
import { readTextIfThere } from '../disk/read.js';
import { sha256 } from '../disk/sha256.js';

export interface LockHolder {
  readonly host: string;
  readonly pid: number;
  /** The process's start as the system tells it: clock ticks since boot on Linux, text on other systems; '' where unknown. */
  readonly started: string;
  /** The boot that pid and start belong to; '' where unknown. */
  readonly boot: string;
  readonly command: string;
  /** ISO 8601. */
  readonly since: string;
}

/** Another run holds the lock. Exit 11. */
export class LockedError extends Error {
  readonly holder: LockHolder | undefined;

  constructor(file: string, holder: LockHolder | undefined, foreign: boolean) {
    const who =
      holder === undefined
        ? `an unreadable lock file, ${file}`
        : `barloom ${holder.command} (pid ${holder.pid} on ${holder.host}, since ${holder.since})`;
    const advice = foreign
      ? 'If that run is certainly dead, say --break-lock.'
      : 'Wait for it to finish, or give this run another --data-dir.';
    super(`This data folder is in use by ${who}. ${advice}`);
    this.name = 'LockedError';
    this.holder = holder;
  }
}

export interface Lock {
  /** Whether a dead holder's lock was taken over: what it left unfinished is to be removed. */
  readonly tookOver: boolean;
  release(): Promise<void>;
}

export interface LockOptions {
  readonly dataDir: string;
  readonly command: string;
  readonly now: Date;
  /** Take the lock whoever holds it. */
  readonly force?: boolean;
}

/** Throws LockedError, or the disk's error where the folder cannot be written. */
export async function acquireLock(options: LockOptions): Promise<Lock> {
  await makeFolder(options.dataDir);
  const file = path.join(options.dataDir, '.barloom.lock');
  const mine: LockHolder = {
    host: os.hostname(),
    pid: process.pid,
    started: (await startOf(process.pid)) ?? '',
    boot: await bootId(),
    command: options.command,
    since: options.now.toISOString(),
  };
  const text = `${JSON.stringify(mine)}\n`;
  const tookOver = await take(file, text, mine, options.force === true);
  const release = async (): Promise<void> => {
    const current = await readText(file);
    if (current === text) await rm(file, { force: true });
  };
  try {
    await removeOldGuards(options.dataDir);
  } catch (error) {
    await release().catch(() => undefined);
    throw error;
  }
  return { tookOver, release };
}

export interface HeldLock {
  readonly holder: LockHolder;
  /** Whether the holder is of this host, and so known to be alive; another host's may be dead. */
  readonly here: boolean;
}

/** Who holds the lock, for readers, who take none. Undefined where nobody does: no lock, a dead process's, or one not written yet. */
export async function lockHolder(dataDir: string): Promise<HeldLock | undefined> {
  const holder = parseHolder((await readText(path.join(dataDir, '.barloom.lock'))) ?? '');
  if (holder === undefined) return undefined;
  const host = os.hostname();
  if (await isDead(holder, { host, boot: await bootId() })) return undefined;
  return { holder, here: holder.host === host };
}

/**
 * Makes the lock file, or replaces a dead holder's. Of several that try at once one wins: who holds the guard, a lock of its own, named
 * after the text that it may replace. Whoever died while holding a guard is in nobody's way: it is taken in the same manner. Returns
 * whether it was a dead holder's.
 */
async function take(file: string, text: string, mine: LockHolder, force: boolean): Promise<boolean> {
  for (let tries = 0; tries < 10; tries++) {
    if (await createExclusively(file, text)) return false;
    const current = await readText(file);
    if (current === undefined) continue;
    const holder = parseHolder(current);
    const dead = holder === undefined ? await isOld(file) : await isDead(holder, mine);
    if (!dead && !force) {
      if (holder !== undefined) throw new LockedError(file, holder, holder.host !== mine.host);
      // Killed between making the file and writing it, or just about to write.
      await pause(100);
      continue;
    }
    const guard = `${file}.${sha256(current).slice(0, 16)}`;
    try {
      // A guard is held for milliseconds: an old one is broken by who breaks the lock, whoever made it.
      await take(guard, text, mine, force && (await isOld(guard)));
    } catch (error) {
      if (!(error instanceof LockedError)) throw error;
      await pause(50);
      continue;
    }
    try {
      if ((await readText(file)) !== current) continue;
      const candidate = temporaryName(file);
      try {
        writeUnsyncedSync(candidate, Buffer.from(text));
        await rename(candidate, file);
      } catch (error) {
        await rm(candidate, { force: true });
        throw error;
      }
      return true;
    } finally {
      await rm(guard, { force: true });
    }
  }
  const holder = parseHolder((await readText(file)) ?? '');
  throw new LockedError(file, holder, holder !== undefined && holder.host !== mine.host);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function createExclusively(file: string, text: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o644);
    try {
      await handle.writeFile(text);
    } catch (error) {
      await rm(file, { force: true });
      throw about(error, file);
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isDead(holder: LockHolder, mine: Pick<LockHolder, 'host' | 'boot'>): Promise<boolean> {
  if (holder.host !== mine.host) return false;
  if (holder.boot !== '' && mine.boot !== '' && holder.boot !== mine.boot) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true;
  }
  // The pid lives: ours only if it was started when the lock says.
  const started = await startOf(holder.pid);
  return holder.started !== '' && started !== undefined && started !== holder.started;
}

/** Guards that a killed run left behind: whoever holds one for long is not there any more, and the lock that it was for is ours. */
async function removeOldGuards(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    const guard = path.join(dataDir, name);
    if (/^\.barloom\.lock\.[0-9a-f]{16}$/.test(name) && (await isOld(guard)))
      await rm(guard, { force: true });
  }
}

async function isOld(file: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(file)).mtimeMs > 10_000;
  } catch {
    return true;
  }
}

function parseHolder(text: string): LockHolder | undefined {
  try {
    const value = JSON.parse(text) as Partial<LockHolder>;
    if (typeof value.host !== 'string' || typeof value.pid !== 'number') return undefined;
    // A number that is no process's own: 0 and negative ones stand for groups.
    if (!Number.isInteger(value.pid) || value.pid <= 0) return undefined;
    const clean = (part: unknown): string => String(part ?? '').replace(/[^\x20-\x7e]/g, '?');
    return {
      host: clean(value.host),
      pid: value.pid,
      started: clean(value.started),
      boot: clean(value.boot),
      command: clean(value.command),
      since: clean(value.since),
    };
  } catch {
    return undefined;
  }
}

async function bootId(): Promise<string> {
  return ((await readText('/proc/sys/kernel/random/boot_id')) ?? '').trim();
}

/** Told as the start of a process that has ended and that its parent has not reaped. */
const ENDED = 'ended';

/** When the process started; undefined where it is gone or the system does not tell. */
async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const text = await readText(`/proc/${pid}/stat`);
    // The name, in parentheses, may hold anything: the fields are counted behind it (proc(5): state is field 3, starttime 22).
    const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields?.[0] === 'Z' || fields?.[0] === 'X' ? ENDED : fields?.[19];
  }
  if (process.platform === 'win32') return undefined;
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'lstart=', '-p', String(pid)], (error, stdout) => {
      resolve(error === null ? stdout.trim() : undefined);
    });
  });
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readTextIfThere(file);
  } catch (error) {
    // A process that ends while /proc tells of it.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return undefined;
    throw error;
  }
}
