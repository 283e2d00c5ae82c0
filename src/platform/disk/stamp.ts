/** What a file is known again by. */

export interface FileStamp {
  /** Bytes. */
  readonly size: number;
  /** Of the modification, whole ms since the epoch. */
  readonly mtimeMs: number;
}

/** File systems keep fractions of a millisecond that do not survive every copy. */
export function stampOf({ size, mtimeMs }: FileStamp): FileStamp {
  return { size, mtimeMs: Math.floor(mtimeMs) };
}

export function isSameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs;
}
