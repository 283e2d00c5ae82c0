/**
 * The locks of who writes: that of the data folder, and that of the archive's folder, which may be another
 * data folder's too (`--archive-dir`). An archive that is not there, or that cannot be written, needs none.
 */
import { existsSync } from 'node:fs';
import { access, constants, rmdir, stat } from 'node:fs/promises';
import { makeFolder } from '#platform/disk/durable.js';
import { acquireLock, type Lock } from '#platform/lock/lock.js';
import type { LockWait } from '#platform/lock/lock-wait.js';
import type { FolderLayout } from './layout.js';

export interface FolderLocks extends Lock {
  readonly holdsArchive: boolean;
  /** Whether the archive's folder was not there before. */
  readonly madeArchive: boolean;
  /** Gives the archive's lock back before the other: the archive is somewhere else by now. */
  releaseArchive(): Promise<void>;
}

export interface LockFoldersOptions {
  readonly layout: FolderLayout;
  readonly command: string;
  readonly now: Date;
  readonly breakLock?: boolean;
  /** Wait for who holds one of them. */
  readonly waitLock?: LockWait | undefined;
  readonly makesArchive?: boolean;
}

/** Both or none. Throws LockedError, or the disk's error. */
export async function lockFolders(options: LockFoldersOptions): Promise<FolderLocks> {
  const { layout, command, now } = options;
  const common = { command, now, force: options.breakLock === true, wait: options.waitLock };
  const data = await acquireLock({ ...common, folder: layout.dataDir });
  try {
    const made = options.makesArchive === true ? await makeArchive(layout.archiveDir) : false;
    const kind = await kindOfArchive(layout);
    let archive =
      kind === 'own'
        ? await acquireLock({ ...common, folder: layout.archiveDir, what: 'archive' })
        : undefined;
    return {
      tookOver: data.tookOver || archive?.tookOver === true,
      holdsArchive: kind !== 'none',
      madeArchive: made,
      releaseArchive: async () => {
        await archive?.release();
        archive = undefined;
      },
      check: async () => {
        await data.check();
        await archive?.check();
      },
      release: async () => {
        try {
          await archive?.release();
          // Nothing came into it: it goes again, so that a folder without an archive stays one.
          if (made) await rmdir(layout.archiveDir).catch(() => undefined);
        } finally {
          await data.release();
        }
      },
    };
  } catch (error) {
    await data.release();
    throw error;
  }
}

/** Whether it was made now. One that cannot be made is for who writes there to report. */
async function makeArchive(folder: string): Promise<boolean> {
  if (existsSync(folder)) return false;
  return makeFolder(folder).then(
    () => true,
    () => false,
  );
}

/** `none`: there is no folder, or nothing can be written in it. `data`: it is the data folder itself. */
async function kindOfArchive({ dataDir, archiveDir }: FolderLayout): Promise<'own' | 'data' | 'none'> {
  try {
    await access(archiveDir, constants.W_OK);
  } catch {
    return 'none';
  }
  const [archive, data] = [await stat(archiveDir, { bigint: true }), await stat(dataDir, { bigint: true })];
  if (!archive.isDirectory()) return 'none';
  return archive.dev === data.dev && archive.ino === data.ino ? 'data' : 'own';
}
