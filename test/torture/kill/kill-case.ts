/** One try: a copy of the folder, a command that is killed once or more often, and the same command again. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { Ended, RunOptions, Workdir } from '../../support/workdir.js';
import { CHANGING, hooked, type LoggedCall } from '../hooked.js';
import { asUninterrupted, type Image, imageOf, nothingTorn } from './kill-oracle.js';
import type { Scene } from './kill-scenes.js';
import { copyOf, type Folders } from './kill-vendor.js';

/** An uninterrupted run, and what was there before it. */
export interface Whole {
  readonly scene: Scene;
  readonly folders: Folders;
  readonly before: Image;
  readonly after: Image;
  /** After the scene's second command too, if it has one. */
  readonly settled: Image;
  readonly work: Workdir;
  readonly ended: Ended;
  /** The calls that change the disk, in their order. */
  readonly calls: readonly LoggedCall[];
}

type WhenOver = (remove: () => Promise<void>) => void;

export async function wholeRun(scene: Scene, folders: Folders, whenOver: WhenOver): Promise<Whole> {
  const log = path.join((await copyOf(folders.empty, whenOver)).root, 'calls.ndjson');
  const work = await folderOf(scene, folders, whenOver);
  const before = imageOf(work);
  const ended = await run(scene, work, { env: hooked({ log }) });
  expect(ended.code, `${scene.name}: ${ended.stderr}`).toBe(0);
  const calls = readFileSync(log, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LoggedCall)
    .filter(({ at, call }) => at === 'begin' && CHANGING.includes(call));
  const after = imageOf(work);
  await runAfterwards(scene, work);
  return { scene, folders, before, after, settled: imageOf(work), work, ended, calls };
}

async function folderOf(scene: Scene, folders: Folders, whenOver: WhenOver): Promise<Workdir> {
  const work = await copyOf(folders[scene.from], whenOver);
  await scene.prepare?.(work);
  return work;
}

function run(scene: Scene, work: Workdir, options: RunOptions): Promise<Ended> {
  const [verb = '', ...rest] = scene.args(work);
  const wire = scene.wire === true ? ['--endpoint', work.endpoint ?? ''] : [];
  return work.run([verb, ...rest, '--data-dir', work.data, ...wire], {
    ...options,
    env: { TMPDIR: path.join(work.root, 'tmp'), ...options.env },
  });
}

async function runAfterwards({ afterwards }: Scene, work: Workdir): Promise<void> {
  if (afterwards === undefined) return;
  const wire = afterwards[0] === 'populate' ? ['--endpoint', work.endpoint ?? ''] : [];
  const { code, stderr } = await work.run([...afterwards, '--data-dir', work.data, ...wire]);
  expect(code, stderr).toBe(0);
}

export interface Tried {
  readonly kills: number;
}

/**
 * Runs the command once with each of `kills`, looks after each, and then without. Returns how many of them
 * struck.
 */
export async function killedAndResumed(whole: Whole, kills: readonly RunOptions[]): Promise<Tried> {
  const { scene, folders, before, after } = whole;
  let remove = async (): Promise<void> => undefined;
  const work = await folderOf(scene, folders, (how) => {
    remove = how;
  });
  try {
    let struck = 0;
    for (const [n, options] of kills.entries()) {
      // A resume comes later than what it resumes, and names what it keeps after its own instant.
      work.now = later(n);
      const ended = await run(scene, work, options);
      if (ended.signal === 'SIGKILL') struck++;
      else mustBeWell(ended, scene, n > 0);
      await nothingTorn(work, scene, before, after);
    }
    work.now = later(kills.length);
    const resumed = await run(scene, work, {});
    mustBeWell(resumed, scene, true);
    await runAfterwards(scene, work);
    await asUninterrupted(work, scene, whole.work, whole.settled);
    return { kills: struck };
  } finally {
    await remove();
  }
}

/** `scene.again` is believed only because the folder is compared afterwards. */
function mustBeWell({ code, signal, stderr, stdout }: Ended, scene: Scene, resumed: boolean): void {
  if (code === 0 || (resumed && scene.again !== undefined && code === scene.again)) return;
  throw new Error(`ended with ${code ?? signal}: ${(stderr + stdout).slice(-600)}`);
}

function later(minutes: number): string {
  return `2024-06-14T17:${String(minutes).padStart(2, '0')}:00Z`;
}
