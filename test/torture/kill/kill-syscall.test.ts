/**
 * Killed by strace as the real system calls begin: the n-th rename, fsync or write of a thread, whatever Node
 * makes of them.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pLimit from 'p-limit';
import { expect, it } from 'vitest';
import type { RunOptions } from '../../support/workdir.js';
import { rounds, scaled, technique } from '../technique.js';
import { killedAndResumed, type Whole, wholeRun } from './kill-case.js';
import { scenes } from './kill-scenes.js';
import { sharedKillFolders } from './kill-vendor.js';

const t = technique('kill at the n-th system call');
const GROUPS = [
  'rename,renameat,renameat2',
  'fsync,fdatasync',
  'write,pwrite64',
  'unlink,unlinkat,link,linkat',
];
const TRIES = rounds(1, 2);
const limit = pLimit(2);
const { folders, whenOver } = sharedKillFolders();

/** One thread for the file calls, so that they are counted together. */
function straced(...options: readonly string[]): RunOptions {
  return { within: ['strace', '-f', '-qq', ...options], env: { UV_THREADPOOL_SIZE: '1' } };
}

function whyNot(): string | undefined {
  if (process.platform !== 'linux') return 'strace is Linux only';
  const { error, status } = spawnSync('strace', [
    '-f',
    '-qq',
    '-o',
    '/dev/null',
    '-e',
    'trace=rename',
    'true',
  ]);
  if (error !== undefined) return 'strace is not installed';
  return status === 0 ? undefined : 'strace may not trace here';
}

const tried = scenes.filter(({ name }) => scaled(1, 0) === 0 || /^add$/.test(name));

it.concurrent.for(tried)('$name', { timeout: scaled(300_000, 7_200_000) }, async (scene, { skip }) => {
  const why = whyNot();
  if (why !== undefined) return skip(why);
  const whole = await limit(() => wholeRun(scene, folders(), whenOver));
  const lost: string[] = [];
  const works = GROUPS.map(async (calls) => {
    const most = await limit(() => callsOfAThread(whole, calls));
    const step = Math.max(1, most / TRIES);
    for (let n = Math.max(1, step / 2); n <= most; n += step) {
      const at = Math.floor(n);
      const inject = straced(
        '-o',
        '/dev/null',
        '-e',
        `trace=${calls}`,
        '-e',
        `inject=${calls}:signal=KILL:when=${at}`,
      );
      try {
        const what = `${scene.name}, ${calls} ${at}`;
        const { kills } = await limit(() => t.attempt(what, () => killedAndResumed(whole, [inject])));
        t.injected(kills);
      } catch (error) {
        lost.push((error as Error).message);
      }
    }
  });
  await Promise.all(works);
  expect(lost.length, lost.join('\n').slice(0, 4000)).toBe(0);
});

/** Of the thread that makes most of them: strace counts by thread. */
async function callsOfAThread(whole: Whole, calls: string): Promise<number> {
  const log = path.join(whole.work.root, 'out', `${calls.split(',')[0]}.strace`);
  writeFileSync(log, '');
  await killedAndResumed(whole, [straced('-o', log, '-e', `trace=${calls}`)]);
  const byThread = new Map<string, number>();
  for (const line of readFileSync(log, 'utf8').split('\n')) {
    const [, thread, call] = /^(\d+) +(\w+)\(/.exec(line) ?? [];
    if (thread === undefined || call === undefined) continue;
    byThread.set(thread, (byThread.get(thread) ?? 0) + 1);
  }
  return Math.max(1, ...byThread.values());
}
