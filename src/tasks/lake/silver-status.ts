/** What is made of bronze and of the tables, as it stands on disk: features by dataset, and ratios. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { FolderLayout } from '#store/folder/layout.js';
import { lakeFolder, layerFolder, type Partition } from '#store/lake/layout.js';
import { filesIn } from '#store/lake/tree.js';

export interface SilverStatus {
  /** As its folder in silver is called: a dataset's, or `financial_ratios`. */
  readonly table: string;
  /** Months or days. */
  readonly first: Partition;
  readonly last: Partition;
  readonly files: number;
  readonly bytes: number;
}

/** By name; those without a file are not told of. Throws the disk's error. */
export function silverStatus(layout: Pick<FolderLayout, 'dataDir'>): readonly SilverStatus[] {
  return tablesIn(path.join(lakeFolder(layout), 'silver')).flatMap((table) => {
    const found = filesIn(layerFolder(layout, 'silver', table));
    const partitions = [...found.keys()].sort();
    const [first, last] = [partitions[0], partitions.at(-1)];
    if (first === undefined || last === undefined) return [];
    const bytes = [...found.values()].reduce((sum, { size }) => sum + size, 0);
    return [{ table, first, last, files: found.size, bytes }];
  });
}

function tablesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
