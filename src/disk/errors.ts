/** Which errors are the local storage's fault: full, read-only, no permission, gone, broken. They end a run with exit code 6. */

const CODES = new Set([
  'ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EACCES', 'EPERM', 'EIO', 'ENOENT', 'ENOTDIR', 'EISDIR', 'EEXIST',
  'EMFILE', 'ENFILE', 'ENAMETOOLONG', 'ELOOP', 'EBUSY', 'ETXTBSY', 'EXDEV', 'ENODEV', 'ENXIO', 'ESTALE', 'EINVAL', 'EBADF', 'ENOTSUP', 'ENOTEMPTY',
]); // biome-ignore format: a table

/** Calls on sockets and processes have codes of the same names; only those on files count. */
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

export function isDiskError(error: unknown): error is DiskError {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code !== undefined && syscall !== undefined && CODES.has(code) && FILE_CALLS.has(syscall);
}

/** The same error, with the file that it concerns where the system does not tell (read, write). */
export function about(error: unknown, file: string): unknown {
  return isDiskError(error) && error.path === undefined ? Object.assign(error, { path: file }) : error;
}

/** One sentence for the user: what happened, to which file, and what to do. */
export function describeDiskError(error: DiskError): string {
  const file = error.path === undefined ? '' : ` (${error.path})`;
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `the disk is full${file}: free some space and run the same command again`;
    case 'EROFS':
      return `the file system is read-only${file}: choose another folder`;
    case 'EACCES':
    case 'EPERM':
      return `no permission to ${error.syscall}${file}: mend the rights or choose another folder`;
    default:
      return `${error.syscall} failed with ${error.code}${file}: mend it and run the same command again`;
  }
}
