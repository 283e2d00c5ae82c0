/**
 * One writer a data folder. The lock file is made with O_EXCL and tells host, pid, the process's start time and the boot; a dead
 * holder's lock of this host is taken over, another host's never without being told to.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { temporaryName } from '../disk/durable.js';

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
  await mkdir(options.dataDir, { recursive: true });
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
  if (!(await createExclusively(file, text))) await takeOver(file, text, mine, options.force === true);
  return {
    release: async () => {
      const current = await readText(file);
      if (current === text) await rm(file, { force: true });
    },
  };
}

/** Replaces a dead holder's lock. Of several that try at once one wins: the guard is named after the lock that it may replace. */
async function takeOver(file: string, text: string, mine: LockHolder, force: boolean): Promise<void> {
  for (let tries = 0; tries < 10; tries++) {
    const current = await readText(file);
    if (current === undefined) {
      if (await createExclusively(file, text)) return;
      continue;
    }
    const holder = parseHolder(current);
    // A holder that was killed between making the file and writing it leaves it empty; so does one that is just about to write.
    if (holder === undefined && !force && !(await isOld(file))) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (tries < 9) continue;
    }
    const dead = holder === undefined ? await isOld(file) : await isDead(holder, mine);
    if (!dead && !force)
      throw new LockedError(file, holder, holder !== undefined && holder.host !== mine.host);
    const guard = `${file}.${createHash('sha256').update(current).digest('hex').slice(0, 16)}`;
    if (!(await createExclusively(guard, text))) {
      const rival = parseHolder((await readText(guard)) ?? '');
      if (rival !== undefined && (await isDead(rival, mine))) await rm(guard, { force: true });
      await new Promise((resolve) => setTimeout(resolve, 50));
      continue;
    }
    try {
      if ((await readText(file)) !== current) continue;
      const candidate = temporaryName(file);
      const handle = await open(candidate, 'w', 0o644);
      await handle.writeFile(text);
      await handle.close();
      await rename(candidate, file);
      return;
    } finally {
      await rm(guard, { force: true });
    }
  }
  throw new LockedError(file, parseHolder((await readText(file)) ?? ''), false);
}

async function createExclusively(file: string, text: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o644);
    try {
      await handle.writeFile(text);
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isDead(holder: LockHolder, mine: LockHolder): Promise<boolean> {
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
    if (typeof value.host !== 'string' || typeof value.pid !== 'number' || !Number.isInteger(value.pid))
      return undefined;
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

/** When the process started; undefined where it is gone or the system does not tell. */
async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const text = await readText(`/proc/${pid}/stat`);
    // The name, in parentheses, may hold anything: the fields are counted behind it (proc(5): starttime is field 22).
    return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19];
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
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
