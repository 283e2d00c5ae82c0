/** Where everything stands in tables/: what cannot be had again. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { FileStamp } from '#platform/disk/durable.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { partitionFile } from '#store/lake/layout.js';
import { filesIn } from '#store/lake/tree.js';

/** A month, `2024-01`, or what has no date. */
export type TablePartition = string;

/** Of records that lack the date they would be kept under. */
export const UNDATED: TablePartition = 'undated';

/** As Hive names what has no value, and pandas and DuckDB read it. */
const NO_VALUE = '__HIVE_DEFAULT_PARTITION__';
const UNDATED_FILE = `year=${NO_VALUE}/month=${NO_VALUE}/${UNDATED}.parquet`;

type Root = Pick<FolderLayout, 'dataDir'>;

export function tablesFolder({ dataDir }: Root): string {
  return path.join(dataDir, 'tables');
}

export function tableFolder(layout: Root, type: string): string {
  return path.join(tablesFolder(layout), type);
}

/** Answers that wait to be merged, and what the database spills; emptied by the next run. */
export function tablesWorkFolder(layout: Root): string {
  return path.join(tablesFolder(layout), '.work');
}

/** Below the table's folder, with slashes. */
export function tablePartitionFile(partition: TablePartition): string {
  return partition === UNDATED ? UNDATED_FILE : partitionFile(partition);
}

/** The table's Parquet files, ascending. */
export function tableFiles(layout: Root, type: string): ReadonlyMap<TablePartition, FileStamp> {
  const folder = tableFolder(layout, type);
  const files = new Map(filesIn(folder));
  const undated = statSync(path.join(folder, UNDATED_FILE), { throwIfNoEntry: false });
  if (undated?.isFile() === true)
    files.set(UNDATED, { size: undated.size, mtimeMs: Math.floor(undated.mtimeMs) });
  return files;
}

export function tablePaths(layout: Root, type: string): readonly string[] {
  const folder = tableFolder(layout, type);
  return [...tableFiles(layout, type).keys()].map((partition) =>
    path.join(folder, tablePartitionFile(partition)),
  );
}

/** The folders in tables/ that are tables, by name. What begins with a dot is none: the lock of who writes. */
export function heldTables(layout: Root): readonly string[] {
  try {
    return readdirSync(tablesFolder(layout)).filter(
      (name) => !name.startsWith('.') && tableFiles(layout, name).size > 0,
    );
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
