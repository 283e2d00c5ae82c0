/**
 * A data folder, opened: the lock where something is going to be written, progress, the archive of each
 * dataset. Every verb begins with it. Readers take no lock and change nothing.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { datasets, stocksDaily } from '#market/datasets/all.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { datasetNamed } from '#market/datasets/named.js';
import { removeTemporaries, syncFolder } from '#platform/disk/durable.js';
import { isDiskError } from '#platform/disk/errors.js';
import type { LockWait } from '#platform/lock/lock-wait.js';
import { daysIn } from '#store/archive/archived-files.js';
import { type ArchiveStore, openArchive } from '#store/archive/store.js';
import { type DatasetProgress, datasetProgress } from '#store/ledger/model.js';
import { openProgress, type ProgressStore } from '#store/ledger/store.js';
import { type FolderSource, openFolderSource } from './folder-source.js';
import { archiveFolder, type FolderLayout, seriesFolder, tocFile } from './layout.js';
import { type FolderLocks, lockFolders } from './locks.js';

export interface DataFolder {
  readonly layout: FolderLayout;
  readonly progress: ProgressStore;
  /** Where its days come from. */
  readonly source: FolderSource;
  /** Whether nobody else writes in the archive: its unfinished files are dead runs'. */
  readonly holdsArchive: boolean;
  /** Whether its folder was made for this run. */
  readonly madeArchive: boolean;
  /** What progress knows of the dataset; empty where that is nothing. */
  known(dataset: Dataset): DatasetProgress;
  archive(dataset: Dataset): ArchiveStore;
  /**
   * Writes tables of contents and progress, where the folder is open for writing. Recorded steps are durable
   * without it, and a few of them may stay in the journal for the next run (`small`: 'keep').
   */
  save(small?: 'keep' | 'fold'): Promise<void>;
  /** Gives the archive's lock back before that of the data folder; for who has moved the archive away. */
  releaseArchive(): Promise<void>;
  /** Gives the locks back. Nothing may be written after it. */
  release(): Promise<void>;
}

export interface OpenOptions {
  readonly layout: FolderLayout;
  readonly access: 'read' | 'write';
  /** The command, for who finds the lock taken. */
  readonly command: string;
  readonly now: Date;
  /** Take the lock also where its holder may be alive. */
  readonly breakLock?: boolean;
  /** Wait for who holds it. */
  readonly waitLock?: LockWait | undefined;
  /** Whether the archive's folder is made where there is none, to be locked. */
  readonly makesArchive?: boolean;
  /** Go on although progress.json and the archive's marker name two sources: the archive is of the former. */
  readonly adoptSource?: boolean;
}

/**
 * Throws LockedError, OtherSourceError, ProgressFileError (a newer barloom's), or the disk's error; then no
 * lock stays.
 */
export async function openDataFolder(options: OpenOptions): Promise<DataFolder> {
  const { layout, access, now } = options;
  const locks = access === 'write' ? await lockFolders(options) : undefined;
  try {
    const progress = await openProgress({
      dataDir: layout.dataDir,
      calendarOf: (name) => (datasetNamed(name) ?? stocksDaily).calendar,
      readOnly: access === 'read',
      now,
      ...(locks === undefined ? {} : { checkLock: locks.check }),
    });
    if (locks !== undefined) {
      const { holdsArchive, tookOver } = locks;
      // Datasets share folders: each once.
      const folders = new Set(knownTo(progress).flatMap((one) => [...foldersOf(layout, one, holdsArchive)]));
      // Also where no lock speaks of a dead run: a power cut may have taken it, and not what that run left.
      for (const folder of folders) await removeTemporaries(folder);
      if (tookOver) await makeNamesDurable(folders);
    }
    const source = await openFolderSource({
      archiveDir: layout.archiveDir,
      progress,
      adopt: options.adoptSource === true,
      writing:
        locks?.holdsArchive === true
          ? { checkLock: locks.check, holdsDays: () => holdsDays(layout), now }
          : undefined,
    });
    return dataFolder(layout, { progress, source, locks });
  } catch (error) {
    await locks?.release();
    throw error;
  }
}

interface Opened {
  readonly progress: ProgressStore;
  readonly source: FolderSource;
  readonly locks: FolderLocks | undefined;
}

function dataFolder(layout: FolderLayout, { progress, source, locks }: Opened): DataFolder {
  const archives = new Map<string, ArchiveStore>();
  return {
    layout,
    progress,
    source,
    holdsArchive: locks?.holdsArchive === true,
    madeArchive: locks?.madeArchive === true,
    known: (dataset) => datasetProgress(progress.progress, dataset.name),
    archive: (dataset) => {
      let archive = archives.get(dataset.name);
      if (archive === undefined) {
        archive = openArchive(layout, dataset);
        archives.set(dataset.name, archive);
      }
      return archive;
    },
    save: async (small) => {
      if (locks === undefined) return;
      await locks.check();
      // Derived: where they cannot be written (a read-only archive), they are made again when they are
      // needed.
      for (const archive of archives.values()) await archive.saveTocs().catch(ignoreDisk);
      await progress.close(small);
    },
    releaseArchive: async () => locks?.releaseArchive(),
    release: async () => locks?.release(),
  };
}

/**
 * Opens the folder, runs `body`, saves what it recorded, also where it fails, and gives the lock back. Throws
 * as `openDataFolder` and `body` do.
 */
export async function withDataFolder<T>(
  options: OpenOptions,
  body: (folder: DataFolder) => Promise<T>,
  small: 'keep' | 'fold' = 'fold',
): Promise<T> {
  const folder = await openDataFolder(options);
  try {
    let result: T;
    try {
      result = await body(folder);
    } catch (error) {
      await folder.save().catch(() => undefined);
      throw error;
    }
    await folder.save(small);
    return result;
  } finally {
    await folder.release();
  }
}

/** Every dataset, and those of unknown prefixes that progress.json tells of. */
export function knownTo({ progress }: Pick<ProgressStore, 'progress'>): readonly Dataset[] {
  const named = [...progress.datasets.keys()].flatMap((name) => datasetNamed(name) ?? []);
  return [...new Map([...datasets.values(), ...named].map((dataset) => [dataset.name, dataset])).values()];
}

function holdsDays(layout: FolderLayout): boolean {
  return [...datasets.values()].some((dataset) => daysIn(archiveFolder(layout, dataset)).length > 0);
}

function ignoreDisk(error: unknown): void {
  if (!isDiskError(error)) throw error;
}

/**
 * What a killed run had given a name, and not made durable yet, is durable before anything is recorded of it.
 */
async function makeNamesDurable(folders: ReadonlySet<string>): Promise<void> {
  const all = new Set([...folders].flatMap((folder) => [path.dirname(folder), folder]));
  for (const folder of all) if (existsSync(folder)) await syncFolder(folder);
}

/**
 * Removes what a run left unfinished that failed or was stopped; what dead ones left is gone since the folder
 * was opened. Only under the lock.
 */
export async function tidyUp(layout: FolderLayout, dataset: Dataset, holdsArchive: boolean): Promise<void> {
  for (const folder of foldersOf(layout, dataset, holdsArchive)) await removeTemporaries(folder);
}

function foldersOf(layout: FolderLayout, dataset: Dataset, holdsArchive: boolean): ReadonlySet<string> {
  const tocs = path.dirname(tocFile(layout, dataset, dataset.firstDay));
  const archive = holdsArchive ? [archiveFolder(layout, dataset), tocs] : [];
  return new Set([layout.dataDir, seriesFolder(layout, dataset), ...archive]);
}
