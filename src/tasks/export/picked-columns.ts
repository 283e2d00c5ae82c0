/**
 * A dataset whose lines are the columns that were asked for, whatever its series hold: they come out of the
 * archive's days, where all of the vendor's columns are.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { barColumnOf } from '#market/datasets/series-form.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import { openArchive } from '#store/archive/store.js';
import type { FolderLayout } from '#store/folder/layout.js';

export type Picked =
  | { readonly dataset: Dataset }
  /** `columns`: those that the newest day has. */
  | { readonly unknown: readonly string[]; readonly columns: readonly string[] };

/**
 * `names` in whatever case. The newest day that `holds` and can be read says which columns there are. Throws
 * the disk's error.
 */
export function withPickedColumns(
  dataset: Dataset,
  names: readonly string[],
  layout: FolderLayout,
  holds: (day: IsoDay) => boolean,
): Picked {
  const columns = columnsOfNewest(dataset, layout, holds);
  const wanted = names.map((name) => name.toLowerCase());
  const unknown = wanted.filter((name) => !columns.includes(name));
  if (unknown.length > 0) return { unknown, columns };
  const values = wanted.map((name) => barColumnOf(name) ?? name);
  const { values: before } = dataset.series;
  const isBar = before === 'bar' ? ({ picked: true } as const) : {};
  return { dataset: { ...dataset, series: { ...dataset.series, values, ...isBar } } };
}

function columnsOfNewest(
  dataset: Dataset,
  layout: FolderLayout,
  holds: (day: IsoDay) => boolean,
): readonly string[] {
  const archive = openArchive(layout, dataset);
  for (const day of archive.days().filter(holds).toReversed()) {
    try {
      return archive.columnsOf(day).filter((name) => name !== 'ticker');
    } catch (error) {
      if (!(error instanceof ArchiveDamage)) throw error;
    }
  }
  return [];
}
