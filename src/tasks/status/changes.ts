/**
 * Whether there is anything new to look at, from the times of a few files and folders: for who looks every
 * second.
 */
import { statSync } from 'node:fs';
import path from 'node:path';
import type { Dataset } from '#market/datasets/dataset.js';
import { lockHolder } from '#platform/lock/lock.js';
import { archiveFolder, type FolderLayout, seriesFolder } from '#store/folder/layout.js';
import { ACCEPTED_FILE } from '#store/ledger/accepted.js';
import { RUN_FILE } from '#store/ledger/run-file.js';

/** Another text once something that status reports has changed; time that passes does not count. */
export async function fingerprint(layout: FolderLayout, datasets: Iterable<Dataset>): Promise<string> {
  const { dataDir } = layout;
  const watched = [dataDir, layout.archiveDir];
  for (const name of ['progress.json', 'progress.ndjson', ACCEPTED_FILE, RUN_FILE])
    watched.push(path.join(dataDir, name));
  for (const dataset of datasets) watched.push(archiveFolder(layout, dataset), seriesFolder(layout, dataset));
  const facts = watched.map((file) => {
    const found = statSync(file, { throwIfNoEntry: false });
    return found === undefined ? '-' : `${found.ino} ${found.size} ${found.mtimeMs}`;
  });
  // A holder that was killed leaves its lock as it is.
  return [...facts, (await lockHolder(dataDir))?.holder.pid ?? '-'].join('\n');
}
