/**
 * A table of the lake that is made of bronze: each file says of what it was made, as a hash of the inputs and
 * of the rules. _built.json beside the files is a copy of that, for speed.
 */
import { rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  type FileStamp,
  makeDurable,
  makeFolder,
  syncFolder,
  temporaryName,
} from '#platform/disk/durable.js';
import { fileSha256 } from '#platform/disk/file-sha256.js';
import { isEngineError } from './bronze.js';
import { LAKE_SCHEMA, parseFileDocument } from './built.js';
import { type Duck, literal } from './duckdb.js';
import { engineError } from './lake-error.js';
import { type Partition, partitionFile } from './layout.js';
import { readRecordFile, replaceRecordFile } from './record-file.js';
import { filesIn } from './tree.js';

export interface Derived {
  readonly folder: string;
  /** Mutable: who builds notes what is built. */
  readonly files: Map<Partition, DerivedFile>;
  /** Files that cannot be read, or that no barloom wrote: a build makes them again. */
  readonly damaged: readonly Partition[];
}

export interface DerivedFile {
  readonly stamp: FileStamp;
  /** The hash of what it was made from. */
  readonly madeFrom: string;
  /** Of the Parquet file's bytes; '' where it is not known any more. */
  readonly sha256: string;
}

/** Throws LakeError for a newer barloom's. */
export async function openDerived(folder: string, duck: () => Promise<Duck>): Promise<Derived> {
  const { file: record, text } = await readRecordFile(folder);
  const document = parseFileDocument(text, record);
  const recorded = new Map(
    Object.entries((document?.['files'] ?? {}) as Record<string, Partial<DerivedFile>>),
  );
  const files: Derived['files'] = new Map();
  const damaged: Partition[] = [];
  for (const [partition, stamp] of filesIn(folder)) {
    const known = recorded.get(partition);
    const isSame = known?.stamp?.size === stamp.size && known.stamp.mtimeMs === stamp.mtimeMs;
    const madeFrom = isSame
      ? known.madeFrom
      : await madeFromOf(path.join(folder, partitionFile(partition)), await duck());
    if (madeFrom === undefined) damaged.push(partition);
    else files.set(partition, { stamp, madeFrom, sha256: isSame ? (known.sha256 ?? '') : '' });
  }
  return { folder, files, damaged };
}

export function recordDerived({ folder, files }: Derived): Promise<void> {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return replaceRecordFile(folder, { schema: LAKE_SCHEMA, files: Object.fromEntries(sorted) });
}

async function madeFromOf(file: string, duck: Duck): Promise<string | undefined> {
  try {
    const rows = await duck.rows(
      `SELECT decode(value) AS facts FROM parquet_kv_metadata(${literal(file)}) WHERE decode(key) = 'barloom'`,
    );
    const facts = parseFileDocument(String(rows[0]?.['facts'] ?? ''), file);
    return typeof facts?.['madeFrom'] === 'string' ? facts['madeFrom'] : undefined;
  } catch (error) {
    if (isEngineError(error)) return undefined;
    throw error;
  }
}

/** Writes what the query gives under the partition's name, durably, and notes it. Returns its rows. */
export async function writeDerived(
  derived: Derived,
  {
    partition,
    query,
    madeFrom,
    about,
  }: { partition: Partition; query: string; madeFrom: string; about: string },
  duck: Duck,
  checkLock: () => Promise<void>,
): Promise<number> {
  const file = path.join(derived.folder, partitionFile(partition));
  await makeFolder(path.dirname(file));
  const temporary = temporaryName(file);
  const facts = literal(JSON.stringify({ schema: LAKE_SCHEMA, madeFrom, about }));
  try {
    const { rowsChanged } = await duck.connection.run(
      `COPY (${query}) TO ${literal(temporary)} (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION V2, ROW_GROUP_SIZE 32768, ` +
        `USE_TMP_FILE false, KV_METADATA {barloom: ${facts}})`,
    );
    await makeDurable([temporary]);
    await checkLock();
    await rename(temporary, file);
    await syncFolder(path.dirname(file));
    const { size, mtimeMs } = await stat(file);
    const stamp = { size, mtimeMs: Math.floor(mtimeMs) };
    derived.files.set(partition, { stamp, madeFrom, sha256: await fileSha256(file) });
    return rowsChanged;
  } catch (error) {
    await rm(temporary, { force: true });
    throw engineError(error, file);
  }
}
