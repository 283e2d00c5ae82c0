/** The settings of disk-hook.js, and the environment that loads it into a run of the command. */
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * `open`: for writing; `unlink`: rm too; `fsync`: fdatasync too; `syncfs`: the `sync -f` that makes a batch
 * durable.
 */
export type DiskCall =
  | 'open' | 'open-read' | 'write' | 'fsync' | 'syncfs' | 'rename' | 'link' | 'unlink' | 'rmdir' | 'mkdir' | 'truncate' | 'read' | 'readdir' | 'stat'; // biome-ignore format: a list

/** Calls that change what is on the disk, or say that it is there for good. */
export const CHANGING: readonly DiskCall[] = [
  'open', 'write', 'fsync', 'syncfs', 'rename', 'link', 'unlink', 'rmdir', 'mkdir', 'truncate',
]; // biome-ignore format: a list

export interface Injection {
  /** Default: all of them. */
  readonly calls?: readonly DiskCall[];
  /**
   * A regular expression that the absolute path has to fit; a rename's and a link's is the new one. Default:
   * any.
   */
  readonly path?: string;
  /** The first call of those that fit to be struck, from 1. */
  readonly at: number;
  /** How many in a row. Default 1; 1e9 for a disk that stays as it is. */
  readonly times?: number;
  /**
   * `kill-within`: half of a write is written. `stop-before`: waits for SIGCONT (no Windows). An error's
   * code: the call fails with it and does nothing.
   */
  readonly what:
    | 'kill-before'
    | 'kill-within'
    | 'kill-after'
    | 'stop-before'
    | 'EIO'
    | 'ENOSPC'
    | 'EROFS'
    | 'EACCES'
    | 'EDQUOT'
    | 'EINVAL';
}

export interface Hook {
  /** NDJSON of the calls that change the disk, with what was written. Outside the data folder. */
  readonly log?: string;
  readonly inject?: Injection;
}

/** Calls that only look. */
export const READING: readonly DiskCall[] = ['open-read', 'read', 'readdir', 'stat'];

/**
 * One line of the log. `begin` and `end` (or `failed`) of a call have the same id; a `close` has none, and
 * neither has the `struck` of a call that the injection was for. The last line, `fitting`, says how many
 * calls fitted the injection's `calls` and `path`.
 */
export interface LoggedCall {
  readonly at: 'begin' | 'end' | 'failed' | 'close' | 'struck' | 'stopped' | 'fitting';
  readonly pid: number;
  readonly thread: number;
  readonly id: number;
  readonly call: DiskCall;
  /** Absolute. At `begin`. */
  readonly path?: string;
  /** A rename's or a link's old name. */
  readonly from?: string;
  /** At the `end` of an open, and at the `begin` of what is done with it. */
  readonly fd?: number;
  readonly create?: boolean;
  readonly truncate?: boolean;
  readonly append?: boolean;
  readonly exclusive?: boolean;
  /** Of a write; null is where the descriptor stands. */
  readonly position?: number | null;
  /** Of a write, base64. */
  readonly data?: string;
  /** At the `end` of a write and of an fsync: the file's modification time. */
  readonly mtimeMs?: number;
  /** Of a truncate, bytes. */
  readonly length?: number;
  /** Of an rm or a mkdir. */
  readonly options?: { readonly recursive?: boolean; readonly force?: boolean };
  /** At `fitting`. */
  readonly calls?: number;
  /** Of a syncfs: `-f` and the folders. */
  readonly folders?: readonly string[];
}

const HOOK = pathToFileURL(fileURLToPath(new URL('./disk-hook.js', import.meta.url))).href;

/** For RunOptions' env. */
export function hooked(hook: Hook): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import=${HOOK}`, BARLOOM_DISK_HOOK: JSON.stringify(hook) };
}
