/**
 * The broker's lists of a folder: every `*.csv` in it, in the order of their names, not those of folders
 * below.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { readBytes } from '#platform/disk/read.js';
import { sha256 } from '#platform/disk/sha256.js';

export interface BrokerList {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes. */
  readonly hash: string;
}

/** Hidden ones are editors'. Throws the disk's error. */
export async function readLists(folder: string): Promise<readonly BrokerList[]> {
  const names = (await readdir(folder)).filter((name) => /\.csv$/i.test(name) && !name.startsWith('.'));
  return Promise.all(
    names.sort().map(async (name) => {
      const bytes = await readBytes(path.join(folder, name));
      return { name, bytes, hash: sha256(bytes) };
    }),
  );
}
