/**
 * What is damaged is moved aside, and its table is forgotten to be loaded: the next fetch brings the records
 * again. Versions that only stood there are in a backup or nowhere.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { moveAside } from '#platform/disk/durable.js';
import { type TablePartition, tableFolder } from '#store/tables/layout.js';
import type { OpenTables } from '#store/tables/open-tables.js';
import { readTableRecord, writeTableRecord } from '#store/tables/record.js';
import type { VerifiedTable } from './verify-table.js';

/** Returns the names that files were moved to. Throws the disk's error. */
export async function repairTable(
  { type, damage }: Pick<VerifiedTable, 'type' | 'damage'>,
  { layout, checkLock }: Pick<OpenTables, 'layout' | 'checkLock'>,
  now: Date,
): Promise<readonly string[]> {
  const record = await readTableRecord(layout, type);
  const aside: string[] = [];
  for (const { file } of damage) {
    const whole = path.join(tableFolder(layout, type), file);
    if (file !== '' && existsSync(whole)) aside.push(path.basename(await moveAside(whole, 'damaged', now)));
    record.files.delete(partitionOf(file));
  }
  record.windows.clear();
  record.tickers.clear();
  record.lookedAt = undefined;
  await writeTableRecord(layout, type, record, checkLock);
  return aside;
}

function partitionOf(file: string): TablePartition {
  return path.basename(file, '.parquet');
}
