/** One writer a data folder, whoever comes at whatever moment, and whoever died. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { acquireLock } from '#platform/lock/lock.js';
import type { LockHolder } from '#platform/lock/lock-holder.js';
import { LockedError } from '#platform/lock/locked-error.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'barloom-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const now = new Date('2024-11-13T10:00:00Z');
const file = (): string => path.join(folder, '.barloom.lock');
const acquire = (command = 'populate', force = false) => acquireLock({ folder, command, now, force });
const put = (holder: object, at = file()): string => {
  const text = `${JSON.stringify(holder)}\n`;
  writeFileSync(at, text);
  return text;
};

/** What this process writes into its lock. */
async function mine(): Promise<LockHolder> {
  const lock = await acquire();
  const holder = JSON.parse(readFileSync(file(), 'utf8')) as LockHolder;
  await lock.release();
  return holder;
}

/** No process has such a number (the kernel's largest is 4,194,304). */
const NOBODY = 4_999_999;

test('it is told who holds it, and the second one of a process is refused too', async () => {
  const lock = await acquire('populate --months 24');
  const before = readFileSync(file(), 'utf8');
  const refused = await acquire('add').catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(LockedError);
  const message = (refused as LockedError).message;
  expect(message).toContain(
    `barloom populate --months 24 (pid ${process.pid} on ${os.hostname()}, since 2024-11-13T10:00:00.000Z)`,
  );
  expect(message).not.toContain('break-lock');
  expect(readFileSync(file(), 'utf8')).toBe(before);
  await lock.release();
  expect(readdirSync(folder)).toEqual([]);
  await (await acquire()).release();
});

test.each([
  ['its process does not exist', (holder: LockHolder) => ({ ...holder, pid: NOBODY })],
  [
    'its pid has gone to a process that started at another time',
    (holder: LockHolder) => ({ ...holder, pid: process.ppid, started: '1' }),
  ],
  ['the computer was started anew', (holder: LockHolder) => ({ ...holder, boot: 'another' })],
])("a dead holder's lock is taken over: %s", async (_, dead) => {
  put(dead(await mine()));
  const lock = await acquire();
  expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ pid: process.pid });
  await lock.release();
  expect(readdirSync(folder)).toEqual([]);
});

test.runIf(process.platform === 'linux')(
  'a holder that ended, and that nobody has reaped, is dead (Linux)',
  async () => {
    // The shell starts a child and becomes, while that is alive, a program that never waits for it.
    const parent = spawn('sh', ['-c', 'sleep 1 & echo $!; exec sleep 30'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)));
    const stat = (): string[] => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    while (stat()[0] !== 'Z') await new Promise((resolve) => setTimeout(resolve, 10));
    put({ ...(await mine()), pid, started: stat()[19] });
    await (await acquire()).release();
    parent.kill();
  },
);

test("another host's lock is not taken over, unless it is said so", async () => {
  const text = put({ ...(await mine()), host: 'elsewhere', pid: NOBODY, boot: 'another' });
  await expect(acquire()).rejects.toThrow(/on elsewhere.*--break-lock/);
  expect(readFileSync(file(), 'utf8')).toBe(text);
  const lock = await acquire('populate', true);
  expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ host: os.hostname() });
  await lock.release();
});

test('a lock that another has by now is not removed by its former holder, who hears of it', async () => {
  const former = await acquire('populate');
  await former.check();
  const text = put({ ...(JSON.parse(readFileSync(file(), 'utf8')) as LockHolder), command: 'rebuild' });
  await expect(former.check()).rejects.toThrow(
    /was taken by barloom rebuild \(pid \d+.*run the same command/,
  );
  await former.release();
  expect(readFileSync(file(), 'utf8')).toBe(text);
  rmSync(file());
  await expect(former.check()).rejects.toThrow(/was removed while it was at work/);
});

test('the lock of a process that is certainly alive is not broken', async () => {
  const lock = await acquire();
  await expect(acquire('add', true)).rejects.toThrow(/It is alive.*kill \d+/);
  await lock.check();
  await lock.release();
});

test.each(['', 'null', '{"host":"x","pid":0}'])(
  "an unreadable lock %j is another's until it is old",
  async (text) => {
    writeFileSync(file(), text);
    await expect(acquire()).rejects.toThrow(`an unreadable lock file, ${file()}`);
    expect(readFileSync(file(), 'utf8')).toBe(text);
    const old = Date.now() / 1000 - 60;
    utimesSync(file(), old, old);
    await (await acquire()).release();
    expect(readdirSync(folder)).toEqual([]);
  },
);

test('the name of a holder cannot play tricks on the terminal', async () => {
  put({ ...(await mine()), command: '\x1b[2J\u202e\x9b1m', host: 'else\nwhere' });
  const error = await acquire().catch((thrown: unknown) => thrown);
  expect((error as Error).message).not.toMatch(/[^\x20-\x7e]/);
});

test.each(['', 'a dead one', 'an old one of another host'])(
  "who died while taking over a dead lock is in nobody's way: guard %j",
  async (kind) => {
    const dead = { ...(await mine()), pid: NOBODY };
    const text = put(dead);
    const guard = `${file()}.${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
    if (kind === '') writeFileSync(guard, '');
    else put(kind === 'a dead one' ? { ...dead, pid: NOBODY + 1 } : { ...dead, host: 'elsewhere' }, guard);
    const old = Date.now() / 1000 - 60;
    utimesSync(guard, old, old);
    await (await acquire('populate', kind.startsWith('an old'))).release();
    expect(readdirSync(folder)).toEqual([]);
  },
);

test('what a dead run was about to make its lock of is cleared away, a live one is left alone', async () => {
  writeFileSync(`${file()}.abc.${NOBODY}.barloom-tmp`, 'half');
  writeFileSync(`${file()}.abc.${process.pid}.barloom-tmp`, 'half');
  await (await acquire()).release();
  expect(readdirSync(folder)).toEqual([`.barloom.lock.abc.${process.pid}.barloom-tmp`]);
});

const worker = fileURLToPath(new URL('lock-worker.js', import.meta.url));
const built = existsSync(fileURLToPath(new URL('../../../dist/platform/lock/lock.js', import.meta.url)));

describe.skipIf(!built)('with processes (skipped where dist is not built: node bin/setup.js)', () => {
  test('of twenty at once never two hold it, though every third dies holding it', async () => {
    put({ ...(await mine()), pid: NOBODY });
    const go = path.join(folder, 'go');
    const ends = Array.from({ length: 20 }, (_, i) => {
      const child = spawn(process.execPath, [worker, folder, go, i % 3 === 0 ? 'mortal' : 'immortal'], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let said = '';
      let wrong = '';
      child.stdout.on('data', (chunk) => (said += String(chunk)));
      child.stderr.on('data', (chunk) => (wrong += String(chunk)));
      return new Promise<{ said: string; wrong: string; signal: string | null }>((resolve) => {
        child.on('close', (_code, signal) => resolve({ said, wrong, signal }));
      });
    });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    writeFileSync(go, '');
    const results = await Promise.all(ends);
    expect(results.map(({ wrong }) => wrong).join('')).toBe('');
    expect(results.filter(({ said }) => said !== '').length).toBeGreaterThan(3);
    expect(results.filter(({ signal }) => signal === 'SIGKILL').length).toBeGreaterThan(0);
    rmSync(go);
    // Whatever the dead left, the next one gets the lock.
    await (await acquire()).release();
    expect(readdirSync(folder)).toEqual([]);
  });
});
