/** What the archive's folder says of its days without a look into their texts. */
import { readdirSync, statSync } from 'node:fs';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { DayRules } from '#market/datasets/dataset.js';
import { dayOfKey } from '#market/datasets/key.js';
import { type FileStamp, stampOf } from '#platform/disk/stamp.js';
import { ArchiveDamage, END_MARKER, isMember } from './bgzf.js';
import { readAt, withDayFile } from './day-file.js';

/** The days of which there is a file, ascending. Throws the disk's error. */
export function daysIn(folder: string): readonly IsoDay[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw error;
  }
  return names
    .flatMap((name) => {
      const day = dayOfKey(name);
      return day === undefined ? [] : [day];
    })
    .sort();
}

/** Undefined where there is no such file. */
export function stampOfFile(file: string): FileStamp | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  return found?.isFile() === true ? stampOf(found) : undefined;
}

/** Whether the file ends as a whole one does; a plain gzip is not judged. */
export function looksWhole(file: string, limits: DayRules): boolean {
  try {
    return withDayFile(file, limits, (open) => {
      const { size } = open;
      if (size < END_MARKER.length) return false;
      if (!isMember(readAt(open, 0, END_MARKER.length))) return true;
      const end = readAt(open, size - END_MARKER.length, END_MARKER.length);
      return Buffer.compare(end, END_MARKER) === 0;
    });
  } catch (error) {
    if (error instanceof ArchiveDamage) return false;
    throw error;
  }
}
