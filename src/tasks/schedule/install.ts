/** Puts an entry in place, or takes it away: through `crontab` and `systemctl`, as a person would. */
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { replaceFiles, syncFolder } from '#platform/disk/durable.js';
import { type ProgramEnded, runProgram } from '#platform/run-program.js';
import { isSilenced, withEntry, withoutEntry } from './crontab.js';
import type { Unit } from './systemd.js';

export type Placed = 'added' | 'replaced' | 'unchanged' | 'removed' | 'absent';

/** The scheduler's program is not there, or refuses; the message says what to do. */
export class ScheduleError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ScheduleError';
  }
}

export type Env = Readonly<Record<string, string | undefined>>;

export interface PlacedInCron {
  readonly placed: Placed;
  /** Whether the user's own MAILTO="" above it has cron mail nothing. */
  readonly isSilenced: boolean;
}

/** Idempotent. Throws ScheduleError. */
export async function installCron(entry: string, mark: string, env: Env): Promise<PlacedInCron> {
  const before = await readCrontab(env);
  // Bytes, not letters: what others wrote need not be UTF-8.
  const after = withEntry(before, Buffer.from(entry, 'utf8').toString('latin1'), mark);
  const found = { isSilenced: isSilenced(after, mark) };
  if (after === before) return { ...found, placed: 'unchanged' };
  await writeCrontab(after, env);
  return { ...found, placed: withoutEntry(before, mark) === before ? 'added' : 'replaced' };
}

/** Throws ScheduleError. */
export async function removeCron(mark: string, env: Env): Promise<Placed> {
  const before = await readCrontab(env);
  const after = withoutEntry(before, mark);
  if (after === before) return 'absent';
  await writeCrontab(after, env);
  return 'removed';
}

/** Its bytes as Latin-1; '' where the user has none. */
async function readCrontab(env: Env): Promise<string> {
  const { code, stdout, stderr } = await run('crontab', ['-l'], '', env);
  if (code === 0) return stdout;
  if (/no crontab for|can't open '[^']*'[^:]*: no such file|no such file/i.test(stderr)) return '';
  throw refused('crontab -l', code, stderr);
}

async function writeCrontab(text: string, env: Env): Promise<void> {
  const { code, stderr } = await run('crontab', ['-'], text, env);
  if (code !== 0) throw refused('crontab -', code, stderr);
}

/** Idempotent. `folder`: the user's units. Throws ScheduleError, or the disk's error. */
export async function installUnits(units: readonly [Unit, Unit], folder: string, env: Env): Promise<Placed> {
  // Asked first: where there is no user's systemd to talk to, nothing is written.
  await systemctl(['daemon-reload'], env);
  const before = await Promise.all(units.map(({ name }) => readUnit(path.join(folder, name))));
  const isNew = before.every((text) => text === undefined);
  const isSame = units.every(({ text }, i) => text === before[i]);
  if (!isSame) {
    await replaceFiles(units.map(({ name, text }) => ({ file: path.join(folder, name), content: text })));
    await systemctl(['daemon-reload'], env);
  }
  const [, timer] = units;
  await systemctl(['enable', '--now', timer.name], env);
  // A timer that runs keeps its old hour until it is started again.
  if (!isSame && !isNew) await systemctl(['restart', timer.name], env);
  return isNew ? 'added' : isSame ? 'unchanged' : 'replaced';
}

/** Throws ScheduleError, or the disk's error. */
export async function removeUnits(units: readonly [Unit, Unit], folder: string, env: Env): Promise<Placed> {
  const files = units.map(({ name }) => path.join(folder, name));
  const before = await Promise.all(files.map(readUnit));
  if (before.every((text) => text === undefined)) return 'absent';
  const [, timer] = units;
  await systemctl(['disable', '--now', timer.name], env);
  for (const file of files) await rm(file, { force: true });
  await syncFolder(folder);
  await systemctl(['daemon-reload'], env);
  return 'removed';
}

async function readUnit(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function systemctl(args: readonly string[], env: Env): Promise<void> {
  const { code, stderr } = await run('systemctl', ['--user', ...args], '', env);
  if (code !== 0) throw refused(`systemctl --user ${args.join(' ')}`, code, stderr);
}

function refused(what: string, code: number | null, stderr: string): ScheduleError {
  const said = stderr.trim().split('\n').at(-1) ?? '';
  return new ScheduleError(`${what} failed with exit code ${code}${said === '' ? '' : `: ${said}`}.`);
}

/** Throws ScheduleError where it is not there. */
async function run(program: string, args: readonly string[], stdin: string, env: Env): Promise<ProgramEnded> {
  const ended = await runProgram(program, args, stdin, env);
  if (ended === undefined) throw new ScheduleError(notInstalled(program));
  return ended;
}

function notInstalled(program: string): string {
  return program === 'crontab'
    ? 'There is no crontab on this machine: install cron, or give --systemd; without --install the entry is printed.'
    : 'There is no systemctl on this machine: give --cron; without --install the units are printed.';
}
