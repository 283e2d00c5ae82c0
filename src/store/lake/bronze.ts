/**
 * The bronze table of a dataset as it is on disk: what _built.json says of files that are as they were, and
 * what the others say of themselves. So a build that was killed between a file's name and its record has
 * built it all the same.
 */
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { type BuiltFile, type DaysBuilt, parseFileFacts, readBuilt } from './built.js';
import { type Duck, literal } from './duckdb.js';
import { layerFolder, type Partition, partitionFile } from './layout.js';
import { filesIn } from './tree.js';

export interface Bronze {
  readonly folder: string;
  /** Mutable: who builds notes what is built. */
  readonly built: Map<Partition, BuiltFile>;
  readonly damaged: Map<Partition, DamagedFile>;
  readonly keepFrom: IsoDay | undefined;
}

/** A file that cannot be read, or that no barloom wrote. */
export interface DamagedFile {
  readonly what: string;
  /** What was recorded of it. */
  readonly days: DaysBuilt;
}

/**
 * `duck`: opened only where a file has to be asked. Throws LakeError (a newer barloom's), or the disk's
 * error.
 */
export async function openBronze(
  layout: Pick<FolderLayout, 'dataDir'>,
  dataset: string,
  duck: () => Promise<Duck>,
): Promise<Bronze> {
  const folder = layerFolder(layout, 'bronze', dataset);
  const { files, keepFrom } = await readBuilt(folder);
  const built = new Map<Partition, BuiltFile>();
  const damaged = new Map<Partition, DamagedFile>();
  for (const [partition, stamp] of filesIn(folder)) {
    const known = files.get(partition);
    if (known?.stamp.size === stamp.size && known.stamp.mtimeMs === stamp.mtimeMs) {
      built.set(partition, known);
      continue;
    }
    const file = path.join(folder, partitionFile(partition));
    const damage = (what: string): void => {
      damaged.set(partition, { what, days: known?.days ?? new Map() });
    };
    try {
      const { days, columns } = await factsOf(file, await duck());
      if (days === undefined) damage('it does not say which days it holds');
      else built.set(partition, { stamp, sha256: '', days, columns });
    } catch (error) {
      if (!isEngineError(error)) throw error;
      damage(firstLine(error));
    }
  }
  return { folder, built, damaged, keepFrom };
}

/** Nothing of these files is believed any more. */
export function distrust({ built, damaged }: Bronze, partitions: Iterable<Partition>, what: string): void {
  for (const partition of partitions) {
    const days = built.get(partition)?.days ?? damaged.get(partition)?.days ?? new Map();
    built.delete(partition);
    damaged.set(partition, { what, days });
  }
}

async function factsOf(
  file: string,
  duck: Duck,
): Promise<{ readonly days: DaysBuilt | undefined; readonly columns: string }> {
  const rows = await duck.rows(
    `SELECT decode(value) AS facts FROM parquet_kv_metadata(${literal(file)}) WHERE decode(key) = 'barloom'`,
  );
  const facts = rows[0]?.['facts'];
  // Whether the rest can be read shows when it is; that the columns are there, now.
  const columns = await columnsOf(file, duck);
  return { days: typeof facts === 'string' ? parseFileFacts(facts, file) : undefined, columns };
}

/** Of a Parquet file, in order, with commas. */
export async function columnsOf(file: string, duck: Duck): Promise<string> {
  const rows = await duck.rows(`SELECT name FROM parquet_schema(${literal(file)}) OFFSET 1`);
  return rows.map(({ name }) => String(name)).join(',');
}

/**
 * What is amiss with a file or its values, by the database's words: its errors have no class, and begin with
 * their kind.
 */
export function isEngineError(error: unknown): error is Error {
  return (
    error instanceof Error &&
    /^(IO|Invalid|Invalid Input|Conversion|Serialization|Out of Range|TProtocolException|.*Parquet.*) Error: /i.test(
      error.message,
    )
  );
}

export function firstLine({ message }: Error): string {
  return message.split('\n')[0] ?? '';
}
