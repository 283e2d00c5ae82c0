/**
 * A day's object as a file of the cache folder, for programs that open files (DuckDB): `YYYY-MM-DD.csv.gz` in a
 * folder that its SHA-256 names. One that is not as it was written is written again.
 */
import {
  closeSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { dayFileName } from '#market/datasets/key.js';
import { makeMissingFolders } from '#platform/disk/folder.js';
import { FILE_MODE } from '#platform/disk/modes.js';
import { newSha256 } from '#platform/disk/sha256.js';
import { temporaryName } from '#platform/disk/temporary-name.js';
import { writeFully } from '#platform/disk/write.js';
import type { OpenDayFile } from '#store/archive/day-file.js';
import type { DayManifest } from './manifest.js';
import type { BucketPlace } from './place.js';

const STRETCH_BYTES = 4 << 20;
/** Of all copies together, in bytes; where there is more, those go that were used longest ago. */
const MOST_BYTES = 4 * 2 ** 30;
/** A copy that was used since is left alone: somebody may be reading it. In ms. */
const IN_USE_MS = 3_600_000;

/** Throws ArchiveDamage, SourceError or the disk's error. */
export function copyOfDay(
  open: OpenDayFile,
  day: IsoDay,
  { sha256, bytes }: DayManifest['archive'],
  { cacheDir }: Pick<BucketPlace, 'cacheDir'>,
): string {
  const folder = copiesFolder(cacheDir);
  const file = path.join(folder, sha256, dayFileName(day));
  if (isSound(file, bytes, sha256)) return file;
  makeRoom(folder, bytes);
  makeMissingFolders(path.dirname(file));
  const temporary = temporaryName(file);
  const descriptor = openSync(temporary, 'w', FILE_MODE);
  try {
    const stretch = Buffer.allocUnsafe(Math.min(STRETCH_BYTES, bytes));
    for (let at = 0; at < bytes; ) {
      const length = open.read(at, stretch);
      writeFully(descriptor, stretch.subarray(0, length));
      at += length;
    }
    renameSync(temporary, file);
  } finally {
    closeSync(descriptor);
    rmSync(temporary, { force: true });
  }
  return file;
}

/** Where the copies are; another program's reader is let into it. */
export function copiesFolder(cacheDir: string): string {
  return path.join(cacheDir, 'days');
}

function isSound(file: string, size: number, sha256: string): boolean {
  try {
    if (statSync(file).size !== size) return false;
    if (hashOf(file) !== sha256) return false;
    utimesSync(file, new Date(), new Date());
    return true;
  } catch {
    return false;
  }
}

function hashOf(file: string): string {
  const hash = newSha256();
  const stretch = Buffer.allocUnsafe(STRETCH_BYTES);
  const descriptor = openSync(file, 'r');
  try {
    for (let read = readSync(descriptor, stretch); read > 0; read = readSync(descriptor, stretch))
      hash.update(stretch.subarray(0, read));
  } finally {
    closeSync(descriptor);
  }
  return hash.digest();
}

function makeRoom(folder: string, wanted: number): void {
  const copies = foldersIn(folder)
    .flatMap((name) => {
      const inside = path.join(folder, name);
      return foldersIn(inside).flatMap((one) => {
        const found = statSync(path.join(inside, one), { throwIfNoEntry: false });
        return found === undefined ? [] : [{ inside, size: found.size, used: found.mtimeMs }];
      });
    })
    .sort((a, b) => a.used - b.used);
  let bytes = copies.reduce((sum, { size }) => sum + size, wanted);
  for (const { inside, size, used } of copies) {
    if (bytes <= MOST_BYTES || used > Date.now() - IN_USE_MS) return;
    rmSync(inside, { recursive: true, force: true });
    bytes -= size;
  }
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
