/**
 * The recorded disk calls of a run (disk-hook.js), or of several one after another, replayed on a disk in
 * memory.
 */
import path from 'node:path';
import type { LoggedCall } from '../hooked.js';
import {
  type Chance,
  crash,
  type DataChange,
  type DiskFile,
  type File,
  type Folder,
  harden,
  type NameChange,
  NEVER,
  type Node,
  newFile,
  newFolder,
  type Tree,
  wholeFile,
} from './memory-disk.js';

type Placed = readonly [folder: Folder, change: NameChange];

/** A call that is under way. */
interface Underway {
  readonly name: string | undefined;
  end(now: number, told: Partial<LoggedCall>): void;
  drop(): void;
}

interface Descriptor {
  readonly node: Node;
  readonly append: boolean;
  position: number;
}

export class ReplayedDisk {
  /** Instants so far: each begin and each end of a call is one. */
  length = 0;
  /** Every whole content that ever stood under a name, in order. */
  readonly versions = new Map<string, DiskFile[]>();
  private readonly root = newFolder();
  private readonly underway = new Map<string, Underway>();
  private readonly descriptors = new Map<number, Descriptor>();

  /** All that is there at first is durable, and so is what the places stand in. */
  constructor(initial: Tree, places: readonly string[]) {
    for (const place of places) this.parentOf(place);
    for (const [name, entry] of [...initial].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const node = entry === 'folder' ? newFolder() : newFile();
      const parent = this.parentOf(name);
      parent.names.set(path.basename(name), node);
      parent.changes.push({ begin: -1, end: -1, durable: -1, sets: [[path.basename(name), node]] });
      if (entry === 'folder' || node.kind === 'folder') continue;
      const { content: bytes, mtimeMs } = entry;
      node.changes.push({ begin: -1, end: -1, durable: -1, offset: 0, bytes, mtimeMs });
      this.noteVersion(name, node);
    }
  }

  /**
   * A run of the program to its end, be that a kill: what was under way then has happened where its name
   * `isThere`.
   */
  replay(calls: readonly LoggedCall[], isThere: (file: string) => boolean): void {
    this.descriptors.clear();
    for (const call of calls) {
      const id = `${call.id}`;
      const now = this.length++;
      if (call.at === 'begin') this.begin(call, id, now);
      else if (call.at === 'end') this.underway.get(id)?.end(now, call);
      else if (call.at === 'failed') this.underway.get(id)?.drop();
      if (call.at !== 'begin') this.underway.delete(id);
    }
    for (const { name, end, drop } of this.underway.values()) {
      if (name !== undefined && isThere(name)) end(this.length++, {});
      else drop();
    }
    this.underway.clear();
  }

  crash(at: number, chance: Chance): Tree {
    return crash(this.root, at, chance);
  }

  /** What the program sees once all is over. */
  after(): Tree {
    return this.crash(this.length, () => 1);
  }

  private parentOf(file: string): Folder {
    let folder = this.root;
    for (const name of path.dirname(file).split('/').filter(Boolean)) {
      let next = folder.names.get(name);
      if (next === undefined) {
        // Above what is looked at: it was always there.
        next = newFolder();
        folder.names.set(name, next);
        folder.changes.push({ begin: -1, end: -1, durable: -1, sets: [[name, next]] });
      }
      if (next.kind === 'file') throw new Error(`${file}: ${name} is no folder`);
      folder = next;
    }
    return folder;
  }

  private nodeAt(file: string): Node | undefined {
    let node: Node | undefined = this.root;
    for (const name of file.split('/').filter(Boolean))
      node = node?.kind === 'folder' ? node.names.get(name) : undefined;
    return node;
  }

  private noteVersion(file: string, node: File): void {
    const list = this.versions.get(file) ?? [];
    list.push(wholeFile(node));
    this.versions.set(file, list);
  }

  private begin(call: LoggedCall, id: string, now: number): void {
    const { path: file = '', from = '' } = call;
    const held = call.fd === undefined ? undefined : this.descriptors.get(call.fd);
    const opened = (node: Node, told: Partial<LoggedCall>): void => {
      if (told.fd !== undefined)
        this.descriptors.set(told.fd, { node, append: call.append === true, position: 0 });
    };
    switch (call.call) {
      case 'open-read':
      case 'open': {
        const node = this.nodeAt(file);
        if (node === undefined) {
          if (call.create !== true) return;
          const made = newFile();
          this.names(id, file, [this.placed(now, file, made)], (told) => opened(made, told));
        } else if (call.truncate === true && node.kind === 'file') {
          this.data(id, now, node, 0, undefined, (told) => opened(node, told));
        } else this.note(id, (_, told) => opened(node, told));
        return;
      }
      case 'write': {
        if (held?.node.kind !== 'file') return;
        const bytes = Buffer.from(call.data ?? '', 'base64');
        const stands = held.append ? wholeFile(held.node).content.length : held.position;
        const offset = call.position ?? stands;
        if (typeof call.position !== 'number') held.position = offset + bytes.length;
        this.data(id, now, held.node, offset, bytes);
        return;
      }
      case 'truncate': {
        const node = held?.node ?? this.nodeAt(file);
        if (node?.kind === 'file') this.data(id, now, node, call.length ?? 0, undefined);
        return;
      }
      case 'fsync':
        if (held !== undefined) this.note(id, (end, told) => synced(held.node, now, end, told.mtimeMs));
        return;
      case 'syncfs':
        this.note(id, (end) => everyNode(this.root, (node) => harden(node, now, end)));
        return;
      case 'rename':
      case 'link': {
        const node = this.nodeAt(from);
        if (node === undefined) return;
        if (node.kind === 'file') this.noteVersion(file, node);
        const [gone, come] = [this.placed(now, from, undefined), this.placed(now, file, node)];
        // Within a folder both names of a rename change together.
        const moved: readonly Placed[] =
          gone[0] === come[0]
            ? [[gone[0], { ...gone[1], sets: [...gone[1].sets, ...come[1].sets] }]]
            : [gone, come];
        this.names(id, file, call.call === 'link' ? [come] : moved);
        return;
      }
      case 'unlink':
      case 'rmdir':
        if (this.nodeAt(file) !== undefined) this.names(id, undefined, [this.placed(now, file, undefined)]);
        return;
      case 'mkdir':
        this.makeFolder(id, now, file);
    }
  }

  private makeFolder(id: string, now: number, file: string): void {
    let at = file;
    let node = newFolder();
    const made: Placed[] = [];
    while (this.nodeAt(at) === undefined) {
      const parent = path.dirname(at);
      const above = this.nodeAt(parent);
      const folder = above?.kind === 'folder' ? above : newFolder();
      made.unshift([folder, { begin: now, end: NEVER, durable: NEVER, sets: [[path.basename(at), node]] }]);
      [at, node] = [parent, folder];
    }
    if (made.length > 0) this.names(id, file, made);
  }

  private placed(now: number, file: string, node: Node | undefined): Placed {
    const sets = [[path.basename(file), node]] as const;
    return [this.parentOf(file), { begin: now, end: NEVER, durable: NEVER, sets }];
  }

  private note(id: string, end: Underway['end']): void {
    this.underway.set(id, { name: undefined, end, drop: () => undefined });
  }

  private names(
    id: string,
    name: string | undefined,
    placed: readonly Placed[],
    done: (told: Partial<LoggedCall>) => void = () => undefined,
  ): void {
    for (const [folder, change] of placed) folder.changes.push(change);
    const drop = (): void => {
      for (const [folder, change] of placed) folder.changes.splice(folder.changes.indexOf(change), 1);
    };
    const mkdir = placed.every(([, { sets }]) => sets.length === 1 && sets[0]?.[1]?.kind === 'folder');
    this.underway.set(id, {
      name,
      drop,
      end: (end, told) => {
        const [first] = placed;
        // Two threads made the same folder at the same time: the first one did.
        if (mkdir && first?.[0].names.has(first[1].sets[0]?.[0] ?? '')) return drop();
        for (const [folder, change] of placed) {
          change.end = end;
          for (const [entry, node] of change.sets) {
            if (node === undefined) folder.names.delete(entry);
            else folder.names.set(entry, node);
          }
        }
        done(told);
      },
    });
  }

  private data(
    id: string,
    now: number,
    node: File,
    offset: number,
    bytes: Buffer | undefined,
    done: (told: Partial<LoggedCall>) => void = () => undefined,
  ): void {
    const mtimeMs = node.changes.at(-1)?.mtimeMs ?? 0;
    const change: DataChange = { begin: now, end: NEVER, durable: NEVER, offset, bytes, mtimeMs };
    node.changes.push(change);
    this.underway.set(id, {
      name: undefined,
      drop: () => {
        node.changes.splice(node.changes.indexOf(change), 1);
        node.known.clear();
      },
      end: (end, told) => {
        change.end = end;
        if (told.mtimeMs !== undefined) change.mtimeMs = told.mtimeMs;
        node.known.clear();
        done(told);
      },
    });
  }
}

/** What utimes set is seen at the sync behind it. */
function synced(node: Node, begin: number, end: number, mtimeMs: number | undefined): void {
  harden(node, begin, end);
  const last = node.kind === 'file' ? node.changes.at(-1) : undefined;
  if (node.kind === 'folder' || last === undefined || mtimeMs === undefined || last.durable !== end) return;
  last.mtimeMs = mtimeMs;
  node.known.clear();
}

function everyNode(folder: Folder, visit: (node: Node) => void): void {
  visit(folder);
  for (const node of folder.names.values()) {
    if (node.kind === 'folder') everyNode(node, visit);
    else visit(node);
  }
}
