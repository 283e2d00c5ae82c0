/**
 * Records a run of the real command on the real disk, cuts the power of its replay in memory, and lets the
 * real command go on.
 */
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Ended, RunOptions, Workdir } from '../../support/workdir.js';
import { hooked, type Injection, type LoggedCall } from '../hooked.js';
import { type DiskFile, diskFile, type Tree } from './memory-disk.js';
import { filesOf } from './power-cut-oracle.js';
import { ReplayedDisk } from './replayed-disk.js';

export type Run = (options: RunOptions) => Promise<Ended>;

export interface Recording {
  readonly disk: ReplayedDisk;
  readonly final: Tree;
  readonly ended: Ended;
}

/** Where the command works: these folders are recorded, and made again from a crashed disk. */
export function treeOf(folders: readonly string[]): Tree {
  const tree = new Map<string, DiskFile | 'folder'>();
  const add = (file: string): void => {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found?.isFile() === true) tree.set(file, diskFile(readFileSync(file), found.mtimeMs));
    if (found?.isDirectory() !== true) return;
    tree.set(file, 'folder');
    for (const name of readdirSync(file)) add(path.join(file, name));
  };
  for (const folder of folders) add(folder);
  return tree;
}

let logs = 0;

/** Runs one after another on what the folders hold now; all but the last may be killed on the way. */
export async function record(
  folders: readonly string[],
  runs: readonly (readonly [run: Run, kill?: Injection])[],
): Promise<Recording> {
  const disk = new ReplayedDisk(treeOf(folders), folders);
  let ended: Ended | undefined;
  for (const [run, inject] of runs) {
    const log = path.join(tmpdir(), `barloom-calls-${process.pid}-${logs++}.ndjson`);
    try {
      ended = await run({ env: hooked({ log, ...(inject === undefined ? {} : { inject }) }) });
      const real = treeOf(folders);
      disk.replay(callsIn(log), (file) => real.has(file));
    } finally {
      rmSync(log, { force: true });
    }
  }
  if (ended === undefined) throw new Error('nothing was run');
  return { disk, final: disk.after(), ended };
}

function callsIn(log: string): readonly LoggedCall[] {
  const lines = readFileSync(log, 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line) as LoggedCall);
}

/** Where the replay and the real disk differ: the model would be wrong. */
export function differences(tree: Tree, real: Tree): string[] {
  const [replayed, there] = [filesOf(tree), filesOf(real)];
  return [...new Set([...replayed.keys(), ...there.keys()])].filter((name) => {
    const [one, other] = [replayed.get(name), there.get(name)];
    return one?.hash !== other?.hash || Math.floor(one?.mtimeMs ?? 0) !== Math.floor(other?.mtimeMs ?? 0);
  });
}

/**
 * Puts a crashed disk into the place of the real folders; what is left of a lock is another boot's, of a pid
 * that lives again.
 */
export function materialize(tree: Tree, folders: readonly string[]): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  for (const [name, entry] of tree) {
    if (!folders.some((folder) => name === folder || name.startsWith(`${folder}/`))) continue;
    if (entry === 'folder') mkdirSync(name, { recursive: true });
  }
  const names = new Map<DiskFile, string>();
  for (const [name, file] of filesOf(tree)) {
    const other = names.get(file);
    if (other !== undefined) {
      linkSync(other, name);
      continue;
    }
    names.set(file, name);
    const { content, mtimeMs } = file;
    const isLock = name.endsWith('.barloom.lock');
    writeFileSync(name, isLock ? ofAnotherBoot(content) : content);
    // Half a millisecond more: the whole ones survive the way through a binary float.
    const seconds = isLock ? 1e9 : (Math.floor(mtimeMs) + 0.5) / 1000;
    utimesSync(name, seconds, seconds);
  }
}

function ofAnotherBoot(lock: Buffer): string {
  return lock
    .toString('latin1')
    .replace(/"pid":\d+/, `"pid":${process.pid}`)
    .replace(/"boot":"[0-9a-f]/, (found) => `${found.slice(0, -1)}${found.endsWith('0') ? '1' : '0'}`);
}

/** Of the user and of both tiers, by path: what has to be the same whatever happened on the way. */
export function outcomeOf(tree: Tree): Readonly<Record<string, string>> {
  const counts = ([name]: readonly [string, DiskFile]): boolean =>
    !/(\/\.toc\/|\/progress\.(json|ndjson)$|\.barloom\.(run|lock)$|\/barloom\.log$)/.test(name);
  const entries = [...filesOf(tree)].filter(counts).map(([name, { hash }]) => [name, hash] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function differingNames(
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
    (name) => one[name] !== other[name],
  );
}

/** The data folder, and where a work folder's other things of a run stand. */
export function placesOf(work: Workdir, ...others: readonly string[]): readonly string[] {
  return [work.data, ...others];
}
