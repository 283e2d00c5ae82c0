/**
 * An output as it was written: whether it still stands there so is known by its identity, and where that
 * differs by its bytes.
 */
import path from 'node:path';
import { fileIdentity } from '#platform/disk/file-identity.js';
import { readBytesIfThereSync } from '#platform/disk/read.js';
import { sha256 } from '#platform/disk/sha256.js';

export interface RecordedFile {
  /** From the state file's folder, with `/`. */
  readonly file: string;
  /** What it was made from. */
  readonly from: string;
  readonly identity: string;
  readonly sha256: string;
}

/**
 *   recorded   there   bytes       made from   state
 *   no                                         unknown
 *   yes        no                              gone
 *   yes        yes     others                  edited
 *   yes        yes     the same    another     outdated
 *   yes        yes     the same    the same    current
 */
export type RecordedState = 'unknown' | 'gone' | 'edited' | 'outdated' | 'current';

export interface Looked {
  readonly state: RecordedState;
  /** With the identity of now, where the bytes are the recorded ones. */
  readonly recorded: RecordedFile | undefined;
}

/** Where an output belongs: absolute, and from the state file's folder. */
export interface OutputPlace {
  readonly file: string;
  readonly name: string;
}

/** A record of another place is none. Throws the disk's error. */
export function lookAt(
  recorded: RecordedFile | undefined,
  from: string,
  { file, name }: OutputPlace,
): Looked {
  if (recorded === undefined || recorded.file !== name) return { state: 'unknown', recorded: undefined };
  const identity = fileIdentity(file);
  if (identity === undefined) return { state: 'gone', recorded: undefined };
  let current = recorded;
  if (identity !== recorded.identity) {
    const bytes = readBytesIfThereSync(file);
    if (bytes === undefined || sha256(bytes) !== recorded.sha256)
      return { state: 'edited', recorded: undefined };
    current = { ...recorded, identity };
  }
  return { state: current.from === from ? 'current' : 'outdated', recorded: current };
}

export function relativeName(file: string, base: string): string {
  return path.relative(base, file).replaceAll(path.sep, '/');
}
