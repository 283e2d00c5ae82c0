/** What ends a command about the lake, with the fact that its exit code follows from. */
export class LakeError extends Error {
  /**
   * `usage`: asked for wrongly, or of a newer barloom. `incomplete`: something that was asked for is not to
   * be had.
   */
  readonly kind: 'usage' | 'incomplete';

  constructor(message: string, kind: LakeError['kind']) {
    super(message);
    this.name = 'LakeError';
    this.kind = kind;
  }
}

/**
 * The disk's error in what the database says of it, where it is that; otherwise the same error. `file`: what
 * was being written.
 */
export function engineError(error: unknown, file: string): unknown {
  if (!(error instanceof Error)) return error;
  const found = /No space left on device|Disk quota exceeded|Permission denied|Read-only file system/i.exec(
    error.message,
  );
  if (found === null) return error;
  const code = CODES[found[0].toLowerCase()] ?? 'EIO';
  return Object.assign(new Error(`${code}: ${found[0]}`), { code, syscall: 'write', path: file });
}

const CODES: Readonly<Record<string, string>> = {
  'no space left on device': 'ENOSPC',
  'disk quota exceeded': 'EDQUOT',
  'permission denied': 'EACCES',
  'read-only file system': 'EROFS',
};
