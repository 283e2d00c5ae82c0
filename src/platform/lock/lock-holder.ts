/**
 * Who holds a lock: what a lock file says, and whether that process can still be there. A process can only be
 * looked up from where it runs: on the same boot of the same machine, and in the same PID namespace (a
 * container has one of its own).
 */
import { execFile } from 'node:child_process';
import { readlink } from 'node:fs/promises';
import os from 'node:os';
import { crc32 } from 'node:zlib';
import { readTextIfThere } from '#platform/disk/read-whole.js';

/** Of a lock, or of what the system says of a process. */
const MOST_BYTES = 1 << 20;

/** Where a process runs. '' where the system does not say. */
export interface Place {
  readonly host: string;
  /** A hash of the machine's id: two machines can have one name. */
  readonly machine: string;
  readonly boot: string;
  /** The PID namespace, such as pid:[4026531836]. */
  readonly pid_namespace: string;
}

export interface LockHolder extends Place {
  readonly pid: number;
  /**
   * The process's start as the system gives it: clock ticks since boot on Linux, text on other systems; ''
   * where unknown.
   */
  readonly started: string;
  readonly command: string;
  /** ISO 8601. */
  readonly since: string;
}

/**
 * What can be known of a holder: `alive`, its very process is there; `perhaps`, a process of its number is,
 * and when that one was started cannot be said; `elsewhere`, its process cannot be looked up from here.
 */
export type Liveness = 'alive' | 'perhaps' | 'dead' | 'elsewhere';

export async function here(): Promise<Place> {
  const machine = ((await readText('/etc/machine-id').catch(() => undefined)) ?? '').trim();
  return {
    host: os.hostname(),
    // The id itself is nobody's business (machine-id(5)).
    machine: machine === '' ? '' : crc32(`barloom ${machine}`).toString(16),
    boot: ((await readText('/proc/sys/kernel/random/boot_id')) ?? '').trim(),
    pid_namespace: await readlink('/proc/self/ns/pid').catch(() => ''),
  };
}

/** `rebooted`: of this machine, before it was last started. */
export function placeOf(holder: Place, mine: Place): 'here' | 'rebooted' | 'elsewhere' {
  const same = (trait: keyof Place): boolean | undefined =>
    holder[trait] === '' || mine[trait] === '' ? undefined : holder[trait] === mine[trait];
  // One boot is one machine, whatever its name has become; a namespace is what sets containers on it apart.
  if (same('boot') === true && same('pid_namespace') === true) return 'here';
  if (same('host') !== true || same('machine') === false) return 'elsewhere';
  if (same('boot') === false) return 'rebooted';
  return same('pid_namespace') === false ? 'elsewhere' : 'here';
}

export async function livenessOf(holder: LockHolder, mine: Place): Promise<Liveness> {
  const place = placeOf(holder, mine);
  if (place !== 'here') return place === 'rebooted' ? 'dead' : 'elsewhere';
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'dead';
  }
  const started = await startOf(holder.pid);
  if (holder.started === '' || started === undefined) return 'perhaps';
  return started === holder.started ? 'alive' : 'dead';
}

/** So much of a lock's field is shown. */
const LONGEST_FIELD = 200;

/** Undefined where the text is no lock's. */
export function parseHolder(text: string): LockHolder | undefined {
  try {
    const value = JSON.parse(text) as Partial<LockHolder>;
    if (typeof value.host !== 'string' || typeof value.pid !== 'number') return undefined;
    // A number that is no process's own: 0 and negative ones stand for groups, and no system has larger ones.
    if (!Number.isInteger(value.pid) || value.pid <= 0 || value.pid > 0x7fffffff) return undefined;
    const clean = (part: unknown): string =>
      (typeof part === 'string' ? part : '').slice(0, LONGEST_FIELD).replace(/[^\x20-\x7e]/g, '?');
    return {
      host: clean(value.host),
      machine: clean(value.machine),
      boot: clean(value.boot),
      pid_namespace: clean(value.pid_namespace),
      pid: value.pid,
      started: clean(value.started),
      command: clean(value.command),
      since: clean(value.since),
    };
  } catch {
    return undefined;
  }
}

/** Told as the start of a process that has ended and that its parent has not reaped. */
const ENDED = 'ended';

/** When the process started; undefined where it is gone or the system does not say. */
export async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const text = await readText(`/proc/${pid}/stat`);
    // The name, in parentheses, may hold anything: the fields are counted behind it (proc(5): state is field
    // 3, starttime 22).
    const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields?.[0] === 'Z' || fields?.[0] === 'X' ? ENDED : fields?.[19];
  }
  if (process.platform === 'win32') return undefined;
  // In one language and time zone, whoever asks: cron's are not those of a terminal.
  const env = { LC_ALL: 'C', TZ: 'UTC0' };
  return new Promise((resolve) => {
    execFile('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], { env }, (error, stdout) => {
      resolve(error === null ? stdout.trim() : undefined);
    });
  });
}

/** Undefined where there is no such file. Throws the disk's error. */
export async function readText(file: string): Promise<string | undefined> {
  try {
    return await readTextIfThere(file, MOST_BYTES);
  } catch (error) {
    // A process that ends while /proc is read.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return undefined;
    throw error;
  }
}
