/**
 * The lake of a data folder, opened to be written: its lock, an empty work folder, and the database once
 * somebody needs it.
 */
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { isTemporary, makeFolder } from '#platform/disk/durable.js';
import { acquireLock } from '#platform/lock/lock.js';
import type { LockWait } from '#platform/lock/lock-wait.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { type Duck, openDuck } from '#store/lake/duckdb.js';
import { type LakeLayer, lakeFolder, workFolder } from '#store/lake/layout.js';

export interface LakeTools {
  readonly layout: FolderLayout;
  /** The command, for who finds the lock taken. */
  readonly command: string;
  readonly now: Date;
  readonly breakLock: boolean;
  /** Wait for who holds it. */
  readonly waitLock?: LockWait | undefined;
  /** What the database may take before it spills, bytes. */
  readonly memoryBytes: number;
  readonly threads: number;
  readonly signal: AbortSignal;
}

export interface OpenLake {
  readonly work: string;
  readonly duck: () => Promise<Duck>;
  /** Throws LockedError where the lock is lost. */
  readonly checkLock: () => Promise<void>;
}

/**
 * Throws LockedError, the disk's error, or what `body` throws; the lock and the work folder go either way.
 */
export async function withLake<T>(tools: LakeTools, body: (lake: OpenLake) => Promise<T>): Promise<T> {
  const { layout, command, now, breakLock, waitLock } = tools;
  const lock = await acquireLock({
    folder: lakeFolder(layout),
    what: 'lake',
    command,
    now,
    force: breakLock,
    wait: waitLock,
  });
  const work = workFolder(layout);
  let opened: Promise<Duck> | undefined;
  const duck = (): Promise<Duck> => {
    opened ??= openDuck({ memoryBytes: tools.memoryBytes, threads: tools.threads, spillFolder: work });
    return opened;
  };
  try {
    await rm(work, { recursive: true, force: true });
    await makeFolder(work);
    await removeUnfinished(lakeFolder(layout));
    return await body({ work, duck, checkLock: lock.check });
  } finally {
    await opened?.then((one) => one.close()).catch(() => undefined);
    await rm(work, { recursive: true, force: true }).catch(() => undefined);
    await lock.release();
  }
}

/** What a killed build left. Of gold, which has many files, an export takes care itself. */
async function removeUnfinished(lake: string): Promise<void> {
  for (const layer of LAYERS) {
    const folder = path.join(lake, layer);
    if (!existsSync(folder)) continue;
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
      if (entry.isFile() && isTemporary(entry.name))
        await rm(path.join(entry.parentPath, entry.name), { force: true });
  }
}

const LAYERS: readonly LakeLayer[] = ['bronze', 'silver'];

/**
 * For readers, who take no lock: the database alone, which spills to the system's temporary folder if at all.
 */
export async function withReader<T>(
  { memoryBytes, threads }: Pick<LakeTools, 'memoryBytes' | 'threads'>,
  body: (duck: () => Promise<Duck>) => Promise<T>,
): Promise<T> {
  let opened: Promise<Duck> | undefined;
  try {
    return await body(() => {
      opened ??= openDuck({ memoryBytes, threads, spillFolder: '' });
      return opened;
    });
  } finally {
    await opened?.then((one) => one.close()).catch(() => undefined);
  }
}
