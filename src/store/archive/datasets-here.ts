/** Every dataset that the archive can hold days of: the known ones, and those of prefixes that have a folder. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { datasets } from '#market/datasets/all.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { datasetNamed } from '#market/datasets/named.js';
import type { FolderLayout } from '#store/folder/layout.js';

/** Of a bucket the known ones. */
export function datasetsHere({ archiveDir }: Pick<FolderLayout, 'archiveDir'>): readonly Dataset[] {
  const unknown = namesIn(archiveDir).flatMap((market) =>
    namesIn(path.join(archiveDir, market)).flatMap((product) => {
      const dataset = datasetNamed(`${market}/${product}`);
      return dataset === undefined || datasets.has(dataset.name) ? [] : [dataset];
    }),
  );
  return [...datasets.values(), ...unknown];
}

/** None where it is no folder, or cannot be read. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.includes('.'))
      .sort();
  } catch {
    return [];
  }
}
