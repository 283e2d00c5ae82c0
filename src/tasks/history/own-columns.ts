/**
 * A dataset whose columns nobody has described, with those that its days have: what can be exported of it.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import { openArchive } from '#store/archive/store.js';
import type { FolderLayout } from '#store/folder/layout.js';

/**
 * The dataset itself where its columns are known. `holds`: which days count; a day that cannot be read has
 * none. Throws the disk's error.
 */
export function withOwnColumns(
  dataset: Dataset,
  layout: FolderLayout,
  holds: (day: IsoDay) => boolean,
): Dataset {
  if (dataset.untracked !== 'none') return dataset;
  const archive = openArchive(layout, dataset);
  const names = new Set<string>();
  // The newest day's order; what only older ones have stands behind.
  for (const day of archive.days().filter(holds).toReversed())
    for (const name of columnsOn(day, archive)) names.add(name);
  names.delete('ticker');
  return { ...dataset, series: { ...dataset.series, values: [...names] } };
}

function columnsOn(
  day: IsoDay,
  archive: Pick<ReturnType<typeof openArchive>, 'columnsOf'>,
): readonly string[] {
  try {
    return archive.columnsOf(day);
  } catch (error) {
    if (error instanceof ArchiveDamage) return [];
    throw error;
  }
}
