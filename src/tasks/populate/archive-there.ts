/** A drive that is not mounted leaves an empty folder, or none: nothing is downloaded into its place. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { datasetNamed } from '#market/datasets/named.js';
import { SOURCE_MARKER } from '#store/archive/source-marker.js';
import { folderLayout } from '#store/folder/layout.js';
import type { DataFolder } from '#store/folder/open.js';

/** What progress.json tells of the archive is not there at all. Exit 2. */
export class ArchiveGoneError extends Error {
  constructor(days: number, archiveDir: string) {
    super(
      `none of the ${days.toLocaleString('en-US')} days that progress.json lists is in ${archiveDir}: is its drive mounted? ` +
        'If the archive is really gone, populate --force fetches its days again',
    );
    this.name = 'ArchiveGoneError';
  }
}

/** The folder's own massive_cache may be removed by hand to begin anew. Throws ArchiveGoneError. */
export function checkArchiveThere({ layout, progress, archive, madeArchive }: DataFolder): void {
  const { archiveDir, dataDir } = layout;
  if (existsSync(path.join(archiveDir, SOURCE_MARKER))) return;
  if (madeArchive && archiveDir === folderLayout(dataDir).archiveDir) return;
  let gone = 0;
  for (const [name, { days }] of progress.progress.datasets) {
    const dataset = datasetNamed(name);
    if (dataset === undefined) continue;
    const { isThere } = archive(dataset);
    for (const [day, record] of days) {
      if (record.archive === undefined || record.pruned === true) continue;
      if (isThere(day)) return;
      gone++;
    }
  }
  if (gone > 0) throw new ArchiveGoneError(gone, archiveDir);
}
