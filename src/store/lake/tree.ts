/**
 * The Parquet files below a table's folder, by partition. Names that are not of the layout (unfinished files
 * too) are none.
 */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { FileStamp } from '#platform/disk/durable.js';
import { type Partition, partitionFile } from './layout.js';

export function filesIn(folder: string): ReadonlyMap<Partition, FileStamp> {
  const files = new Map<Partition, FileStamp>();
  for (const year of namesIn(folder, /^year=\d{4}$/))
    for (const month of namesIn(path.join(folder, year), /^month=\d{2}$/))
      for (const name of namesIn(path.join(folder, year, month), /^\d{4}-\d{2}(-\d{2})?\.parquet$/)) {
        const partition = name.slice(0, -'.parquet'.length);
        if (partitionFile(partition) !== `${year}/${month}/${name}`) continue;
        const found = statSync(path.join(folder, year, month, name), { throwIfNoEntry: false });
        if (found?.isFile() === true)
          files.set(partition, { size: found.size, mtimeMs: Math.floor(found.mtimeMs) });
      }
  return files;
}

function namesIn(folder: string, shape: RegExp): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => shape.test(name))
      .sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
