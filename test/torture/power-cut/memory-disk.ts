/**
 * A disk in memory that can lose its power at any instant (the model of Pillai et al., "All File Systems Are
 * Not Created Equal", OSDI 2014). Nothing is there for good but what was synced:
 *
 * - what was written into a file and not fsynced since may be lost, may be zeros (the size is there, the data
 *   are not), cut anywhere, or
 *   torn sector by sector; a truncation may be there without what was written after it;
 * - each change of names (a new file, rename, link, unlink, mkdir) that was not fsynced with its folder may
 *   be there or not, whatever
 *   becomes of those before and after it; a file's own fsync does not make its name durable;
 * - an fsync covers only what had ended when it began; a call that is under way may have happened, or a part
 *   of it.
 *
 * Real file systems lose less: ext4 and XFS keep changes of names in their order, and an fsync there makes
 * durable all changes of names before it. This one is as weak as POSIX allows, which no program may rely on
 * being better. replayed-disk.ts fills it.
 */
import { createHash } from 'node:crypto';

export interface DiskFile {
  readonly content: Buffer;
  readonly hash: string;
  readonly mtimeMs: number;
}

/** By absolute path. */
export type Tree = ReadonlyMap<string, DiskFile | 'folder'>;

/**
 * What becomes of a change that is not durable: from 0 to n - 1, where 0 is lost, 1 is there, and the others
 * are in between.
 */
export type Chance = (n: number) => number;

/** When a change began and ended, and from when on nothing can undo it. */
interface Change {
  readonly begin: number;
  end: number;
  durable: number;
}

export interface NameChange extends Change {
  /** Undefined: the name goes. All of them together or none. */
  readonly sets: readonly (readonly [name: string, node: Node | undefined])[];
}

export interface DataChange extends Change {
  readonly offset: number;
  /** Undefined: the file is cut to `offset` bytes. */
  readonly bytes: Buffer | undefined;
  mtimeMs: number;
}

export interface Folder {
  readonly kind: 'folder';
  readonly changes: NameChange[];
  /** As the program sees it. */
  readonly names: Map<string, Node>;
}

export interface File {
  readonly kind: 'file';
  readonly changes: DataChange[];
  /** Contents that were put together before, by the number of changes. */
  readonly known: Map<number, DiskFile>;
}

export type Node = Folder | File;

export const NEVER = Number.POSITIVE_INFINITY;
const SECTOR = 512;

export function newFolder(): Folder {
  return { kind: 'folder', changes: [], names: new Map() };
}

export function newFile(): File {
  return { kind: 'file', changes: [], known: new Map() };
}

export function diskFile(content: Buffer, mtimeMs: number): DiskFile {
  return { content, hash: createHash('sha256').update(content).digest('hex'), mtimeMs };
}

/** What had ended in the node when its sync began is durable once that has ended. */
export function harden(node: Node, syncBegin: number, syncEnd: number): void {
  for (const change of node.changes)
    if (change.end < syncBegin && change.durable === NEVER) change.durable = syncEnd;
}

/** What is on the disk when the power goes just before the instant `at`. */
export function crash(root: Folder, at: number, chance: Chance): Tree {
  const tree = new Map<string, DiskFile | 'folder'>();
  const walk = (folder: Folder, where: string): void => {
    const names = new Map<string, Node>();
    for (const change of folder.changes) {
      if (change.begin >= at || (change.durable >= at && chance(2) === 0)) continue;
      for (const [name, node] of change.sets) {
        if (node === undefined) names.delete(name);
        else names.set(name, node);
      }
    }
    for (const [name, node] of names) {
      const file = `${where}/${name}`;
      if (node.kind === 'file') tree.set(file, survivor(node, at, chance));
      else {
        tree.set(file, 'folder');
        walk(node, file);
      }
    }
  };
  walk(root, '');
  return tree;
}

/** All that was written, durable or not. */
export function wholeFile(file: File): DiskFile {
  return merged(file, file.changes);
}

function survivor(file: File, at: number, chance: Chance): DiskFile {
  const begun = file.changes.filter(({ begin }) => begin < at);
  const durable = begun.filter((change) => change.durable < at);
  const base = merged(file, durable);
  if (durable.length === begun.length) return base;
  const full = merged(file, begun);
  const fate = chance(5);
  if (fate === 0) return base;
  if (fate === 1) return full;
  const pending = begun.slice(durable.length);
  const kept = pending.reduce(
    (least, { bytes, offset }) => (bytes === undefined ? Math.min(least, offset) : least),
    base.content.length,
  );
  if (fate === 2) {
    const from = Math.min(kept, full.content.length);
    return diskFile(full.content.subarray(0, from + chance(full.content.length - from + 1)), full.mtimeMs);
  }
  const zeros = Buffer.alloc(full.content.length);
  base.content.copy(zeros, 0, 0, Math.min(kept, zeros.length));
  if (fate === 3) return diskFile(zeros, full.mtimeMs);
  for (let from = 0; from < zeros.length; from += SECTOR)
    if (chance(2) === 1) full.content.copy(zeros, from, from, Math.min(from + SECTOR, zeros.length));
  return diskFile(zeros, full.mtimeMs);
}

/**
 * Changes of a file come one after another, and a sync covers all before it: so many of them are always the
 * same ones.
 */
function merged(file: File, changes: readonly DataChange[]): DiskFile {
  let found = file.known.get(changes.length);
  if (found === undefined) {
    let content = Buffer.alloc(0);
    for (const { offset, bytes } of changes) {
      if (bytes === undefined) content = Buffer.concat([content, Buffer.alloc(offset)]).subarray(0, offset);
      else {
        const grown = Buffer.alloc(Math.max(content.length, offset + bytes.length));
        content.copy(grown);
        bytes.copy(grown, offset);
        content = grown;
      }
    }
    found = diskFile(content, changes.at(-1)?.mtimeMs ?? 0);
    file.known.set(changes.length, found);
  }
  return found;
}
