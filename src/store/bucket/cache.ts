/**
 * Small objects of buckets kept in the user's cache folder, so that they are asked for once: manifests, tables
 * of contents. Each file begins with the SHA-256 of what follows: one that is not as it was written is as none.
 * Nothing depends on the folder; where it cannot be written, everything is asked for again.
 */
import { readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { writeUnsyncedSync } from '#platform/disk/durable.js';
import { makeMissingFolders } from '#platform/disk/folder.js';
import { sha256 } from '#platform/disk/sha256.js';
import { temporaryName } from '#platform/disk/temporary-name.js';

export interface ObjectCache {
  /** `name`: lower-case hex. Undefined where it is not there, or not sound. */
  get(name: string): Buffer | undefined;
  put(name: string, bytes: Uint8Array): void;
}

/** Of all files together, in bytes; where there is more, the oldest go. */
const MOST_BYTES = 512 << 20;
/** Bytes written between two looks at how many there are. */
const LOOK_EVERY = 32 << 20;
const HASH_BYTES = 32;

export function openCache(folder: string, mostBytes = MOST_BYTES): ObjectCache {
  const fileOf = (name: string): string => path.join(folder, name.slice(0, 2), name);
  // The first that is written looks: what other runs have left counts too.
  let unseen = Number.POSITIVE_INFINITY;
  return {
    get: (name) => {
      try {
        const file = readFileSync(fileOf(name));
        const bytes = file.subarray(HASH_BYTES);
        return file.length >= HASH_BYTES && file.toString('hex', 0, HASH_BYTES) === sha256(bytes)
          ? bytes
          : undefined;
      } catch {
        return undefined;
      }
    },
    put: (name, bytes) => {
      const file = fileOf(name);
      const temporary = temporaryName(file);
      try {
        makeMissingFolders(path.dirname(file));
        writeUnsyncedSync(temporary, Buffer.concat([Buffer.from(sha256(bytes), 'hex'), bytes]));
        renameSync(temporary, file);
        unseen += bytes.length;
        if (unseen < Math.min(LOOK_EVERY, mostBytes / 8)) return;
        unseen = 0;
        removeOldest(folder, mostBytes);
      } catch {
        rmSync(temporary, { force: true });
      }
    },
  };
}

/** Down to three quarters, so that it does not begin again at once. */
function removeOldest(folder: string, mostBytes: number): void {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .flatMap((file) => {
      const found = statSync(file, { throwIfNoEntry: false });
      return found === undefined ? [] : [{ file, size: found.size, mtimeMs: found.mtimeMs }];
    })
    .sort((a, b) => a.mtimeMs - b.mtimeMs);
  let bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (bytes <= mostBytes) return;
  for (const { file, size } of files) {
    if (bytes <= (mostBytes * 3) / 4) return;
    rmSync(file, { force: true });
    bytes -= size;
  }
}
