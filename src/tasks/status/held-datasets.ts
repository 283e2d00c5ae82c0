/** Which datasets a folder holds: anything in the archive, any series, or any record of either. */
import type { Dataset } from '#market/datasets/dataset.js';
import { datasetsHere } from '#store/archive/datasets-here.js';
import { seriesFolder } from '#store/folder/layout.js';
import type { DataFolder } from '#store/folder/open.js';
import { seriesFiles } from './folder-sizes.js';

export function heldDatasets(folder: DataFolder): readonly Dataset[] {
  return datasetsHere(folder.layout).filter((dataset) => {
    const known = folder.known(dataset);
    if (known.days.size > 0 || known.series.size > 0 || folder.archive(dataset).days().length > 0)
      return true;
    return seriesFiles(seriesFolder(folder.layout, dataset), dataset.series, []).files > 0;
  });
}
