/**
 * The bronze table of a dataset as it is on disk: what built.json says of files that are as they were, and what the others say of themselves. So a
 * build that was killed between a file's name and its record has built it all the same.
 */
import path from 'node:path';
import type { FolderLayout } from '#store/folder/layout.js';
import { type BuiltFile, parseFileFacts, readBuilt } from './built.js';
import { type Duck, literal } from './duckdb.js';
import { layerFolder, type Partition, partitionFile } from './layout.js';
import { filesIn } from './tree.js';

export interface Bronze {
  readonly folder: string;
  /** Mutable: who builds notes what is built. */
  readonly built: Map<Partition, BuiltFile>;
  /** Files that cannot be read, or that no barloom wrote, with what is amiss. */
  readonly damaged: ReadonlyMap<Partition, string>;
}

/** `duck`: opened only where a file has to be asked. Throws LakeError (a newer barloom's), or the disk's error. */
export async function openBronze(
  layout: Pick<FolderLayout, 'dataDir'>,
  dataset: string,
  duck: () => Promise<Duck>,
): Promise<Bronze> {
  const folder = layerFolder(layout, 'bronze', dataset);
  const recorded = await readBuilt(folder);
  const built = new Map<Partition, BuiltFile>();
  const damaged = new Map<Partition, string>();
  for (const [partition, stamp] of filesIn(folder)) {
    const known = recorded.get(partition);
    if (known?.stamp.size === stamp.size && known.stamp.mtimeMs === stamp.mtimeMs) {
      built.set(partition, known);
      continue;
    }
    const file = path.join(folder, partitionFile(partition));
    try {
      const days = await factsOf(file, await duck());
      if (days === undefined) damaged.set(partition, 'it does not say which days it holds');
      else built.set(partition, { stamp, sha256: '', days });
    } catch (error) {
      if (!isEngineError(error)) throw error;
      damaged.set(partition, firstLine(error));
    }
  }
  return { folder, built, damaged };
}

async function factsOf(file: string, duck: Duck): Promise<BuiltFile['days'] | undefined> {
  const rows = await duck.rows(
    `SELECT decode(value) AS facts FROM parquet_kv_metadata(${literal(file)}) WHERE decode(key) = 'barloom'`,
  );
  const facts = rows[0]?.['facts'];
  // Whether the rest can be read shows when it is; that the columns are there, now.
  await duck.rows(`SELECT 1 FROM parquet_schema(${literal(file)}) LIMIT 1`);
  return typeof facts === 'string' ? parseFileFacts(facts, file) : undefined;
}

/** What the database throws has no class of its own: its messages begin with the kind. */
export function isEngineError(error: unknown): error is Error {
  return error instanceof Error && /^[A-Z][A-Za-z -]* Error: /.test(error.message);
}

export function firstLine({ message }: Error): string {
  return message.split('\n')[0] ?? '';
}
