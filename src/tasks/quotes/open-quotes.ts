/**
 * The folder of imported quotes, opened to be written: its lock, an empty work folder, the database that makes
 * Parquet once somebody needs it.
 */
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { isTemporary, makeFolder } from '#platform/disk/durable.js';
import { acquireLock } from '#platform/lock/lock.js';
import type { LockWait } from '#platform/lock/lock-wait.js';
import { type Duck, openDuck } from '#store/lake/duckdb.js';
import { quotesWorkFolder } from '#store/quotes/layout.js';

export interface QuoteTools {
  /** The folder of all tables. */
  readonly quotes: string;
  /** The command, for who finds the lock taken. */
  readonly command: string;
  readonly now: Date;
  readonly breakLock: boolean;
  /** Wait for who holds it. */
  readonly waitLock?: LockWait | undefined;
  readonly threads: number;
}

export interface OpenQuotes {
  readonly work: string;
  readonly duck: () => Promise<Duck>;
  /** Throws LockedError where the lock is lost. */
  readonly checkLock: () => Promise<void>;
}

/** A day's text goes through it a piece at a time. */
const ENGINE_BYTES = 128e6;

/** Throws LockedError, the disk's error, or what `body` throws; the lock and the work folder go either way. */
export async function withQuotes<T>(tools: QuoteTools, body: (open: OpenQuotes) => Promise<T>): Promise<T> {
  const { quotes, command, now, breakLock, waitLock, threads } = tools;
  const lock = await acquireLock({
    folder: quotes,
    what: 'quotes',
    command,
    now,
    force: breakLock,
    wait: waitLock,
  });
  const work = quotesWorkFolder(quotes);
  let opened: Promise<Duck> | undefined;
  try {
    await rm(work, { recursive: true, force: true });
    await makeFolder(work);
    await removeUnfinished(quotes);
    return await body({
      work,
      duck: () => {
        opened ??= openDuck({ memoryBytes: ENGINE_BYTES, threads, spillFolder: work });
        return opened;
      },
      checkLock: lock.check,
    });
  } finally {
    await opened?.then((one) => one.close()).catch(() => undefined);
    await rm(work, { recursive: true, force: true }).catch(() => undefined);
    await lock.release();
  }
}

/** What a killed import left. */
async function removeUnfinished(quotes: string): Promise<void> {
  for (const entry of await readdir(quotes, { recursive: true, withFileTypes: true }))
    if (entry.isFile() && isTemporary(entry.name))
      await rm(path.join(entry.parentPath, entry.name), { force: true });
}
