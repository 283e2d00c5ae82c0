/** The tables of a data folder, opened to be written: their lock, an empty work folder, the database. */
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { isTemporary, makeFolder } from '#platform/disk/durable.js';
import { acquireLock } from '#platform/lock/lock.js';
import type { LockWait } from '#platform/lock/lock-wait.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { type Duck, openDuck } from '#store/lake/duckdb.js';
import { tablesFolder, tablesWorkFolder } from './layout.js';

export interface TablesOptions {
  readonly layout: Pick<FolderLayout, 'dataDir'>;
  /** The command, for who finds the lock taken. */
  readonly command: string;
  readonly now: Date;
  readonly breakLock: boolean;
  readonly waitLock?: LockWait | undefined;
  /** What the database may take before it spills, bytes. */
  readonly memoryBytes: number;
  readonly threads: number;
}

export interface OpenTables {
  readonly layout: Pick<FolderLayout, 'dataDir'>;
  readonly work: string;
  readonly duck: Duck;
  /** Throws LockedError where the lock is lost. */
  readonly checkLock: () => Promise<void>;
}

/** Throws LockedError, the disk's error, or what `body` throws; lock and work folder go either way. */
export async function withTables<T>(
  options: TablesOptions,
  body: (tables: OpenTables) => Promise<T>,
): Promise<T> {
  const { layout, command, now, breakLock, waitLock, memoryBytes, threads } = options;
  const folder = tablesFolder(layout);
  const lock = await acquireLock({ folder, what: 'tables', command, now, force: breakLock, wait: waitLock });
  const work = tablesWorkFolder(layout);
  let duck: Duck | undefined;
  try {
    await rm(work, { recursive: true, force: true });
    await makeFolder(work);
    await removeUnfinished(folder);
    duck = await openDuck({ memoryBytes, threads, spillFolder: work });
    return await body({ layout, work, duck, checkLock: lock.check });
  } finally {
    duck?.close();
    await rm(work, { recursive: true, force: true }).catch(() => undefined);
    await lock.release();
  }
}

/** What a killed run left. */
async function removeUnfinished(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile() && isTemporary(entry.name))
      await rm(path.join(entry.parentPath, entry.name), { force: true });
}
