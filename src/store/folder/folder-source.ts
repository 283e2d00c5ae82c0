/**
 * Which source a data folder and its archive are filled from: progress.json says it of the one, a marker of
 * the other, and the two agree.
 *
 * | progress.json | marker  | opened for reading | opened for writing                                      |
 * | ------------- | ------- | ------------------ | ------------------------------------------------------- |
 * | none          | any     | as it is           | as it is                                                |
 * | A             | none    | as it is           | where the archive holds days (an older barloom's): A    |
 * | A             | A       | as it is           | as it is                                                |
 * | A             | another | OtherSourceError   | the same; told to adopt: the marker becomes A           |
 */
import { sameSource } from '#market/datasets/same-source.js';
import { isDiskError } from '#platform/disk/errors.js';
import type { SourceIdentity } from '#platform/source-identity.js';
import { filledFromAnother, readSourceMarker, writeSourceMarker } from '#store/archive/source-marker.js';
import type { ProgressStore } from '#store/ledger/store.js';

export interface FolderSource {
  /** And what it says it of, for people. Undefined while nothing came from anywhere. */
  recorded(): { readonly source: SourceIdentity; readonly what: string } | undefined;
  /** From now on it is this one, also of an archive that has a marker. */
  record(source: SourceIdentity): Promise<void>;
  /** Before a day gets its name in the archive: its marker is there, durable. */
  claimArchive(source: SourceIdentity): Promise<void>;
}

export interface FolderSourceOptions {
  readonly archiveDir: string;
  readonly progress: ProgressStore;
  readonly adopt: boolean;
  /** Under the archive's lock; undefined: nothing may be written there. */
  readonly writing:
    | { readonly checkLock: () => Promise<void>; readonly holdsDays: () => boolean; readonly now: Date }
    | undefined;
}

/** Throws OtherSourceError, or the disk's error. */
export async function openFolderSource(options: FolderSourceOptions): Promise<FolderSource> {
  const { archiveDir, progress, adopt, writing } = options;
  let marker = await readSourceMarker(archiveDir);
  const mark = async (source: SourceIdentity): Promise<void> => {
    if (writing === undefined || (typeof marker === 'object' && sameSource(marker, source))) return;
    const { checkLock, now } = writing;
    await writeSourceMarker(archiveDir, source, { before: marker, checkLock, now });
    marker = source;
  };
  const own = progress.progress.source;
  if (own !== undefined) {
    const differs = typeof marker === 'object' && !sameSource(marker, own);
    if (differs && !adopt)
      throw filledFromAnother(`the archive in ${archiveDir}`, marker as SourceIdentity, own);
    // Said again by the next writer where there is no room for it now.
    if (differs || (typeof marker === 'string' && writing?.holdsDays() === true))
      await mark(own).catch(ignoreDisk);
  }
  return {
    recorded: () => {
      const { source } = progress.progress;
      if (source !== undefined) return { source, what: 'this folder' };
      return typeof marker === 'object'
        ? { source: marker, what: `the archive in ${archiveDir}` }
        : undefined;
    },
    record: async (source) => {
      if (typeof marker === 'object') await mark(source);
      const { source: before } = progress.progress;
      if (before === undefined || !sameSource(before, source))
        await progress.record([{ step: 'source', source }]);
    },
    claimArchive: mark,
  };
}

function ignoreDisk(error: unknown): void {
  if (!isDiskError(error)) throw error;
}
