/**
 * Which errors are the local storage's fault: full, read-only, no permission, gone, broken. They end a run
 * with exit code 6.
 */
import { finalName } from './temporary-name.js';

/**
 * What only a network answers to a read or a write, unless the call says which file was meant (a file system
 * on the network).
 */
const WIRE_CODES = new Set([
  'ECONNRESET', 'ECONNABORTED', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'ENETDOWN', 'ENETUNREACH', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENOTCONN', 'EOF',
]); // biome-ignore format: a table

/**
 * Calls on sockets and processes have codes of the same names; only those on files count, with whatever code:
 * file systems know many.
 */
const FILE_CALLS = new Set([
  'open',
  'read',
  'write',
  'close',
  'fsync',
  'fdatasync',
  'rename',
  'mkdir',
  'rmdir',
  'unlink',
  'rm',
  'stat',
  'lstat',
  'fstat',
  'scandir',
  'ftruncate',
  'truncate',
  'copyfile',
  'link',
  'access',
  'statfs',
  'utime',
  'futime',
  'lutime',
  'fchmod',
  'readlink',
  'opendir',
  'mkdtemp',
  'chmod',
  'realpath',
]);

export interface DiskError extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly path?: string;
}

/** What has the file's name is none that can be read: a pipe, a device, or far too large. */
export class UnfitFileError extends Error {
  readonly code = 'EUNFIT';
  readonly syscall = 'read';
  readonly path: string;

  /** `why` goes on after the file's path. */
  constructor(file: string, why: string) {
    super(`${file} ${why}: move it away and run the same command again`);
    this.name = 'UnfitFileError';
    this.path = file;
  }
}

export function isDiskError(error: unknown): error is DiskError {
  if (error instanceof UnfitFileError) return true;
  if (!isOfFileCall(error)) return false;
  return error.path !== undefined || !WIRE_CODES.has(error.code);
}

function isOfFileCall(error: unknown): error is DiskError {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code !== undefined && syscall !== undefined && FILE_CALLS.has(syscall);
}

export function isFull(error: unknown): boolean {
  return isDiskError(error) && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

/** Whether the folder or the file is not to be written to, by whoever runs this. */
export function isReadOnly(error: unknown): boolean {
  return isDiskError(error) && ['EROFS', 'EACCES', 'EPERM'].includes(error.code);
}

/** The same error, with the file that it concerns where the system does not say (read, write, fsync). */
export function about(error: unknown, file: string): unknown {
  return isOfFileCall(error) && error.path === undefined ? Object.assign(error, { path: file }) : error;
}

/** One sentence for the user: what happened, to which file, and what to do. */
export function describeDiskError(error: DiskError): string {
  if (error instanceof UnfitFileError) return error.message;
  const name = error.path === undefined ? undefined : finalName(error.path);
  const file = name === undefined ? '' : ` (${name})`;
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `the disk is full${file}: free some space and run the same command again`;
    case 'EROFS':
      return `the file system is read-only${file}: choose another folder`;
    case 'EACCES':
    case 'EPERM':
      return `no permission to ${doing(error)}${file}: fix the permissions or choose another folder`;
    case 'EISDIR':
      return `a folder stands where a file is to be${file}: move it away and run the same command again`;
    case 'EFTYPE':
      return `a pipe or a device stands where a file is to be${file}: move it away and run the same command again`;
    default:
      return `could not ${doing(error)}: ${error.code}${file}: fix that and run the same command again`;
  }
}

/** What calls whose names people need not know do. */
const DOING: Readonly<Record<string, string>> = {
  open: 'open the file',
  scandir: 'list the folder',
  opendir: 'list the folder',
  mkdir: 'make the folder',
  mkdtemp: 'make a folder',
  rmdir: 'remove the folder',
  rm: 'remove the file',
  unlink: 'remove the file',
  rename: 'rename the file',
  link: 'link the file',
  copyfile: 'copy the file',
  read: 'read the file',
  readlink: 'read the link',
  access: 'look at the file',
  stat: 'look at the file',
  lstat: 'look at the file',
  fstat: 'look at the file',
  statfs: 'look at the disk',
  realpath: 'look at the file',
};

function doing({ syscall }: DiskError): string {
  return DOING[syscall] ?? 'write the file';
}
