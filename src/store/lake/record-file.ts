/**
 * The record beside the Parquet files of a table. Its name begins with `_`: pyarrow, Spark and Dask take
 * everything else in the folder for data. Older barlooms called it built.json, which is still read.
 */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { replaceFile } from '#platform/disk/durable.js';
import { readTextIfThere } from '#platform/disk/read-whole.js';

const RECORD = '_built.json';
const OLDER = 'built.json';
const MOST_BYTES = 256 << 20;

/** `text`: '' where there is none. */
export async function readRecordFile(
  folder: string,
): Promise<{ readonly file: string; readonly text: string }> {
  for (const name of [RECORD, OLDER]) {
    const file = path.join(folder, name);
    const text = await readTextIfThere(file, MOST_BYTES);
    if (text !== undefined) return { file, text };
  }
  return { file: path.join(folder, RECORD), text: '' };
}

export async function replaceRecordFile(folder: string, document: unknown): Promise<void> {
  await replaceFile(path.join(folder, RECORD), `${JSON.stringify(document)}\n`);
  await rm(path.join(folder, OLDER), { force: true });
}
